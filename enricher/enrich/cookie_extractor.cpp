#include "enricher/enrich/configuration/config_reader.h"
#include "enricher/enrich/enrichments.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

// cookie_extractor 1-0-*: a context for each cookie of a configured name.
namespace snowline::enricher {
namespace {

constexpr std::string_view kSchema = "iglu:org.ietf/http_cookie/jsonschema/1-0-0";
constexpr std::string_view kHeader = "Cookie:";  // case-sensitive, as in the reference

struct Cookie {
    std::string name;
    std::optional<std::string> value;
};

/// Parses a Cookie header as Apache HttpComponents 4.4 does: `;` separates, a comma ends the list,
/// white space is folded, quotes are removed.
class CookieReader {
public:
    explicit CookieReader(std::string_view text) : text_(text) { skip_space(); }

    bool at_end() const { return at_ == text_.size(); }

    Cookie next() {
        Cookie cookie{.name = token("=;,", Quotes::kOrdinary)};
        if (at_end() || text_[at_] != '=') {
            step();
            return cookie;
        }
        step();
        cookie.value = token(";,", Quotes::kTakenOff);
        step();
        return cookie;
    }

private:
    enum class Quotes { kOrdinary, kTakenOff };

    static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

    void skip_space() {
        while (!at_end() && is_space(text_[at_])) ++at_;
    }

    void step() {
        if (at_end()) return;
        if (text_[at_++] == ',') at_ = text_.size();
    }

    std::string token(std::string_view ends, Quotes quotes) {
        std::string out;
        bool space = false;
        while (!at_end() && ends.find(text_[at_]) == std::string_view::npos) {
            if (is_space(text_[at_])) {
                skip_space();
                space = true;
                continue;
            }
            if (space && !out.empty()) out += ' ';
            space = false;
            if (quotes == Quotes::kTakenOff && text_[at_] == '"') {
                quoted(out);
                continue;
            }
            while (!at_end() && !is_space(text_[at_]) &&
                   ends.find(text_[at_]) == std::string_view::npos &&
                   (quotes == Quotes::kOrdinary || text_[at_] != '"')) {
                out += text_[at_++];
            }
        }
        return out;
    }

    void quoted(std::string& out) {
        bool escaped = false;
        for (++at_; !at_end(); ++at_) {
            const char c = text_[at_];
            if (escaped) {
                if (c != '"' && c != '\\') out += '\\';
                out += c;
                escaped = false;
            } else if (c == '"') {
                ++at_;
                return;
            } else if (c == '\\') {
                escaped = true;
            } else if (c != '\r' && c != '\n') {
                out += c;
            }
        }
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

class CookieExtractor final : public Enrichment {
public:
    explicit CookieExtractor(std::vector<std::string> names) : names_(std::move(names)) {}

    void apply(Work& work) override {
        for (const std::string_view header : work.raw.sender.headers) {
            if (!header.starts_with(kHeader)) continue;
            CookieReader reader(header.substr(kHeader.size()));
            while (!reader.at_end()) {
                const Cookie cookie = reader.next();
                if (is_wanted(cookie.name)) add(cookie, work);
            }
        }
    }

    std::unique_ptr<Enrichment> clone() const override {
        return std::make_unique<CookieExtractor>(*this);
    }

private:
    bool is_wanted(std::string_view name) const {
        return std::find(names_.begin(), names_.end(), name) != names_.end();
    }

    static void add(const Cookie& cookie, Work& work) {
        const auto text = [&](std::string_view view) {
            return json::Value::string(work.arena.copy(view));
        };
        const std::array members{
            json::Member{"name", text(cookie.name)},
            json::Member{"value", cookie.value ? text(*cookie.value) : json::Value::null()}};
        add_context(work, kSchema, members);
    }

    std::vector<std::string> names_;
};

}  // namespace

MadeEnrichment make_cookie_extractor(const EnrichmentConfig& config) {
    std::vector<std::string> errors;
    ConfigReader parameters(config.parameters, "parameters", errors);
    auto names = parameters.texts("cookies");
    if (!errors.empty()) return unexpected(errors);
    return std::make_unique<CookieExtractor>(std::move(names));
}

}  // namespace snowline::enricher
