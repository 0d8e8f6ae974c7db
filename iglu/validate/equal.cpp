#include "iglu/validate/equal.h"

#include "iglu/validate/decimal.h"
#include "iglu/validate/kind.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <random>
#include <vector>

namespace snowline::iglu::validate {
namespace {

// Random, so that items cannot be crafted to fall into one bucket.
std::uint64_t random_seed() {
    std::random_device device;
    return (std::uint64_t{device()} << 32) | device();
}

const std::uint64_t kSeed = random_seed();

std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
    const auto product = static_cast<unsigned __int128>(a ^ 0x9E3779B97F4A7C15U) * (b ^ kSeed);
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

std::uint64_t hash_bytes(std::string_view bytes, std::uint64_t state) {
    state = mix(state, bytes.size());
    while (bytes.size() >= 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data(), 8);
        state = mix(state, word);
        bytes.remove_prefix(8);
    }
    std::uint64_t word = 0;
    if (!bytes.empty()) std::memcpy(&word, bytes.data(), bytes.size());
    return mix(state, word);
}

std::uint64_t hash_decimal(const Decimal& value, std::uint64_t state) {
    if (value.zero()) return mix(state, 0);
    state = mix(state, static_cast<std::uint64_t>(value.exponent()) * 2 + value.negative());
    for (std::size_t i = 0; i < value.digits();) {
        std::uint64_t group = 0;
        for (const std::size_t end = std::min(i + 16, value.digits()); i < end; ++i) {
            group = group * 16 + static_cast<unsigned>(value.digit(i));
        }
        state = mix(state, group);
    }
    return state;
}

// Equal values (of NumberEquality::kSameKind) have equal hashes.
std::uint64_t hash(json::Value value, Budget& budget) {
    const Budget::Level level(budget);
    if (!level) return 0;
    std::uint64_t state = mix(kSeed, static_cast<std::uint64_t>(value.type()));
    switch (value.type()) {
        case json::Type::kNull:
        case json::Type::kFalse:
        case json::Type::kTrue:
            break;
        case json::Type::kNumber:
            budget.spend(value.text().size() / 16);
            switch (kind_of_number(value.text())) {
                case Kind::kInteger:
                    state = hash_bytes(value.text(), mix(state, 1));
                    break;
                case Kind::kNumber:
                    state = hash_decimal(Decimal(value.text()), mix(state, 2));
                    break;
                default:
                    state = mix(kSeed, static_cast<std::uint64_t>(json::Type::kString));
                    state = hash_bytes(value.text(), state);
            }
            break;
        case json::Type::kString:
            budget.spend(value.text().size() / 64);
            state = hash_bytes(value.text(), state);
            break;
        case json::Type::kArray:
            for (const json::Value item : value.items()) state = mix(state, hash(item, budget));
            break;
        case json::Type::kObject: {
            std::uint64_t sum = value.members().size();
            for (const json::Member& member : value.members()) {
                budget.spend(member.name.size() / 64);
                sum += mix(hash_bytes(member.name, kSeed), hash(member.value, budget));
            }
            state = mix(state, sum);
            break;
        }
    }
    return state;
}

bool equal_numbers(std::string_view left, std::string_view right, NumberEquality numbers) {
    const Kind left_kind = kind_of_number(left);
    const Kind right_kind = kind_of_number(right);
    if (left_kind == Kind::kString || right_kind == Kind::kString) {
        return left_kind == right_kind && left == right;
    }
    if (numbers == NumberEquality::kSameKind && left_kind != right_kind) return false;
    return compare(Decimal(left), Decimal(right)) == 0;
}

bool equal_objects(std::span<const json::Member> left, json::Value right, NumberEquality numbers,
                   Budget& budget) {
    const auto others = right.members();
    if (left.size() != others.size()) return false;
    for (std::size_t i = 0; i < left.size(); ++i) {
        // Usually both have the members in the same order.
        const json::Value* other =
            others[i].name == left[i].name ? &others[i].value : right.find(left[i].name);
        if (other == nullptr || !budget.spend(other == &others[i].value ? 1 : left.size() / 4)) {
            return false;
        }
        if (!equal(left[i].value, *other, numbers, budget)) return false;
    }
    return true;
}

bool equal_inside(json::Value left, json::Value right, NumberEquality numbers, Budget& budget) {
    if (left.type() != right.type()) {
        // A number that counts as a string (see Kind) equals a string of its text.
        return kind_of(left) == Kind::kString && kind_of(right) == Kind::kString &&
               left.text() == right.text();
    }
    switch (left.type()) {
        case json::Type::kNull:
        case json::Type::kFalse:
        case json::Type::kTrue:
            return true;
        case json::Type::kNumber:
            return budget.spend((left.text().size() + right.text().size()) / 16) &&
                   equal_numbers(left.text(), right.text(), numbers);
        case json::Type::kString:
            if (left.text().size() != right.text().size()) return false;
            budget.spend(left.text().size() / 64);
            return left.text() == right.text();
        case json::Type::kArray:
            return std::equal(left.items().begin(), left.items().end(), right.items().begin(),
                              right.items().end(), [&](json::Value a, json::Value b) {
                                  return equal(a, b, numbers, budget);
                              });
        case json::Type::kObject:
            return equal_objects(left.members(), right, numbers, budget);
    }
    return false;
}

}  // namespace

bool equal(json::Value left, json::Value right, NumberEquality numbers, Budget& budget) {
    const Budget::Level level(budget);
    return level && equal_inside(left, right, numbers, budget);
}

bool all_unique(std::span<const json::Value> items, Budget& budget) {
    if (items.size() < 2) return true;
    // Open addressing. Items are compared only where their full hashes are equal, so the steps
    // spent do not depend on the seed.
    struct Slot {
        std::uint32_t item_and_1 = 0;  // 0 is free
        std::uint32_t hash = 0;        // the bits that do not say the place
    };
    constexpr std::size_t kFew = 32;
    std::array<Slot, kFew * 2> few{};
    std::vector<Slot> many;
    std::span<Slot> table(few);
    if (items.size() > kFew) {
        many.resize(std::bit_ceil(items.size() * 2));
        table = many;
    } else {
        table = table.first(std::bit_ceil(items.size() * 2));
    }
    for (std::uint32_t i = 0; i < items.size(); ++i) {
        const std::uint64_t whole = hash(items[i], budget);
        const auto rest = static_cast<std::uint32_t>(whole >> 32);
        std::size_t at = whole & (table.size() - 1);
        for (; table[at].item_and_1 != 0; at = (at + 1) & (table.size() - 1)) {
            if (table[at].hash != rest) continue;
            const json::Value other = items[table[at].item_and_1 - 1];
            if (equal(items[i], other, NumberEquality::kSameKind, budget)) return false;
            if (budget.spent()) return false;
        }
        if (budget.spent()) return false;
        table[at] = {.item_and_1 = i + 1, .hash = rest};
    }
    return !budget.spent();
}

}  // namespace snowline::iglu::validate
