#include "common/config/node.h"

#include "common/text/ascii.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace snowline::config {
namespace {

constexpr std::size_t kIndexedFrom = 16;

bool needs_quotes(std::string_view key) {
    return key.empty() || !std::all_of(key.begin(), key.end(), [](char c) {
               return text::is_alphanumeric(c) || c == '-' || c == '_' ||
                      static_cast<unsigned char>(c) >= 0x80;
           });
}

}  // namespace

std::string print(const Path& path) {
    std::string out;
    for (const std::string& key : path) {
        if (!out.empty()) out += '.';
        out += needs_quotes(key) ? fmt::format("\"{}\"", key) : key;
    }
    return out;
}

const Node* Fields::find(std::string_view key) const {
    if (!index_.empty()) {
        const auto found = index_.find(std::string(key));
        return found == index_.end() ? nullptr : list_[found->second].value;
    }
    for (const Field& field : list_) {
        if (field.key == key) return field.value;
    }
    return nullptr;
}

void Fields::put(const std::string& key, const Node* value) {
    if (!index_.empty()) {
        const auto [found, added] = index_.try_emplace(key, list_.size());
        if (!added) {
            list_[found->second].value = value;
            return;
        }
    } else {
        for (Field& field : list_) {
            if (field.key != key) continue;
            field.value = value;
            return;
        }
    }
    list_.push_back({key, value});
    if (index_.empty() && list_.size() >= kIndexedFrom) {
        for (std::size_t i = 0; i < list_.size(); ++i) index_.emplace(list_[i].key, i);
    }
}

Node* Pool::make(Node node) {
    values_ += 1 + node.items.size() + node.fields.size();
    text_bytes_ += node.text.size();
    if (values_ > limits_.values_max) {
        fail(node.at, fmt::format("the configuration has more than {} values", limits_.values_max));
    }
    if (text_bytes_ > limits_.text_max) {
        fail(node.at, fmt::format("the texts of the configuration have more than {} bytes",
                                  limits_.text_max));
    }
    node.height = 1;
    for (const Node* item : node.items) node.height = std::max(node.height, item->height + 1);
    for (const auto& [key, value] : node.fields) {
        node.height = std::max(node.height, value->height + 1);
    }
    if (node.height > limits_.height_max) {
        fail(node.at, fmt::format("values nested deeper than {}", limits_.height_max));
    }
    return &nodes_.emplace_back(std::move(node));
}

void fail(const Position& at, std::string message) {
    throw Error({Problem{at, std::move(message)}});
}

}  // namespace snowline::config
