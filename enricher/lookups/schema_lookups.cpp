#include "enricher/lookups/schema_lookups.h"

#include <utility>

namespace snowline::enricher {
namespace {

struct SchemaQuestions final : Questions {
    explicit SchemaQuestions(iglu::MissingSchemas its_missing) : missing(std::move(its_missing)) {}
    Landed landed() const override {
        if (!missing.is_under_way()) return Landed::kNothingAsked;
        return missing.has_landed() ? Landed::kYes : Landed::kNotYet;
    }

    iglu::MissingSchemas missing;
};

}  // namespace

Answers SchemaLookups::ask() {
    switch (view_.ask()) {
        case iglu::SchemaView::Answers::kAll:
            return Answers::kAll;
        case iglu::SchemaView::Answers::kUnderWay:
            return Answers::kUnderWay;
        case iglu::SchemaView::Answers::kOut:
            break;
    }
    return Answers::kOut;
}

std::unique_ptr<Questions> SchemaLookups::put_aside() {
    return std::make_unique<SchemaQuestions>(view_.put_aside());
}

void SchemaLookups::take_up(std::unique_ptr<Questions> questions) {
    view_.take_up(std::move(static_cast<SchemaQuestions&>(*questions).missing));
}

}  // namespace snowline::enricher
