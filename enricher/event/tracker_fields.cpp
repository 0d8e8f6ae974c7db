#include "enricher/event/tracker_fields.h"

#include <array>

namespace snowline::enricher {
namespace {

using C = Conversion;
using F = Field;

constexpr TrackerField kTrackerFields[] = {
    {"e", C::kEventType, F::kEvent},
    {"ip", C::kAddress, F::kUserIpaddress},
    {"aid", C::kText, F::kAppId},
    {"p", C::kPlatform, F::kPlatform},
    {"tid", C::kInt, F::kTxnId},
    {"uid", C::kText, F::kUserId},
    {"duid", C::kText, F::kDomainUserid},
    {"nuid", C::kText, F::kNetworkUserid},
    {"tnuid", C::kText, F::kNetworkUserid},
    {"ua", C::kText, F::kUseragent},
    {"fp", C::kText, F::kUserFingerprint},
    {"vid", C::kInt, F::kDomainSessionidx},
    {"sid", C::kUuid, F::kDomainSessionid},
    {"dtm", C::kTimestamp, F::kDvceCreatedTstamp},
    {"ttm", C::kTimestamp, F::kTrueTstamp},
    {"stm", C::kTimestamp, F::kDvceSentTstamp},
    {"tna", C::kText, F::kNameTracker},
    {"tv", C::kText, F::kVTracker},
    {"cv", C::kText, F::kVCollector},
    {"lang", C::kText, F::kBrLang},
    {"f_pdf", C::kFlag, F::kBrFeaturesPdf},
    {"f_fla", C::kFlag, F::kBrFeaturesFlash},
    {"f_java", C::kFlag, F::kBrFeaturesJava},
    {"f_dir", C::kFlag, F::kBrFeaturesDirector},
    {"f_qt", C::kFlag, F::kBrFeaturesQuicktime},
    {"f_realp", C::kFlag, F::kBrFeaturesRealplayer},
    {"f_wma", C::kFlag, F::kBrFeaturesWindowsmedia},
    {"f_gears", C::kFlag, F::kBrFeaturesGears},
    {"f_ag", C::kFlag, F::kBrFeaturesSilverlight},
    {"cookie", C::kFlag, F::kBrCookies},
    {"res", C::kDimensions, F::kDvceScreenwidth},
    {"cd", C::kText, F::kBrColordepth},
    {"tz", C::kText, F::kOsTimezone},
    {"refr", C::kText, F::kPageReferrer},
    {"url", C::kText, F::kPageUrl},
    {"page", C::kText, F::kPageTitle},
    {"cs", C::kText, F::kDocCharset},
    {"ds", C::kDimensions, F::kDocWidth},
    {"vp", C::kDimensions, F::kBrViewwidth},
    {"eid", C::kUuid, F::kEventId},
    {"co", C::kJson, F::kContexts},
    {"cx", C::kBase64Json, F::kContexts},
    {"ev_ca", C::kText, F::kSeCategory},
    {"ev_ac", C::kText, F::kSeAction},
    {"ev_la", C::kText, F::kSeLabel},
    {"ev_pr", C::kText, F::kSeProperty},
    {"ev_va", C::kDecimal, F::kSeValue},
    {"se_ca", C::kText, F::kSeCategory},
    {"se_ac", C::kText, F::kSeAction},
    {"se_la", C::kText, F::kSeLabel},
    {"se_pr", C::kText, F::kSeProperty},
    {"se_va", C::kDecimal, F::kSeValue},
    {"ue_pr", C::kJson, F::kUnstructEvent},
    {"ue_px", C::kBase64Json, F::kUnstructEvent},
    {"tr_id", C::kText, F::kTrOrderid},
    {"tr_af", C::kText, F::kTrAffiliation},
    {"tr_tt", C::kDecimal, F::kTrTotal},
    {"tr_tx", C::kDecimal, F::kTrTax},
    {"tr_sh", C::kDecimal, F::kTrShipping},
    {"tr_ci", C::kText, F::kTrCity},
    {"tr_st", C::kText, F::kTrState},
    {"tr_co", C::kText, F::kTrCountry},
    {"tr_cu", C::kText, F::kTrCurrency},
    {"ti_id", C::kText, F::kTiOrderid},
    {"ti_sk", C::kText, F::kTiSku},
    {"ti_na", C::kText, F::kTiName},
    {"ti_nm", C::kText, F::kTiName},
    {"ti_ca", C::kText, F::kTiCategory},
    {"ti_pr", C::kDecimal, F::kTiPrice},
    {"ti_qu", C::kInt, F::kTiQuantity},
    {"ti_cu", C::kText, F::kTiCurrency},
    {"pp_mix", C::kInt, F::kPpXoffsetMin},
    {"pp_max", C::kInt, F::kPpXoffsetMax},
    {"pp_miy", C::kInt, F::kPpYoffsetMin},
    {"pp_may", C::kInt, F::kPpYoffsetMax},
};

// A hash table that is filled at compile time: names of at most eight bytes are hashed as numbers.
constexpr std::size_t kSlots = 512;
constexpr std::size_t kNameMax = 8;
constexpr std::uint8_t kFree = 0xff;

constexpr std::uint64_t packed(std::string_view name) {
    std::uint64_t out = 0;
    for (const char c : name) out = out << 8 | static_cast<unsigned char>(c);
    return out;
}

constexpr std::size_t slot_of(std::uint64_t name) {
    return static_cast<std::size_t>((name * 0x9e3779b97f4a7c15U) >> 55);
}

struct Table {
    std::array<std::uint8_t, kSlots> entry{};
};

constexpr Table make_table() {
    Table table;
    table.entry.fill(kFree);
    for (std::size_t i = 0; i < std::size(kTrackerFields); ++i) {
        std::size_t slot = slot_of(packed(kTrackerFields[i].parameter));
        while (table.entry[slot] != kFree) slot = (slot + 1) % kSlots;
        table.entry[slot] = static_cast<std::uint8_t>(i);
    }
    return table;
}

constexpr Table kTable = make_table();
static_assert(std::size(kTrackerFields) < kFree);
static_assert([] {
    for (const TrackerField& field : kTrackerFields) {
        if (field.parameter.size() > kNameMax) return false;
    }
    return true;
}());

}  // namespace

const TrackerField* tracker_field(std::string_view parameter) {
    if (parameter.size() > kNameMax) return nullptr;
    for (std::size_t slot = slot_of(packed(parameter)); kTable.entry[slot] != kFree;
         slot = (slot + 1) % kSlots) {
        const TrackerField& field = kTrackerFields[kTable.entry[slot]];
        if (field.parameter == parameter) return &field;
    }
    return nullptr;
}

}  // namespace snowline::enricher
