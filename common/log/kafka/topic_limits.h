#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>

namespace snowline::log::kafka {

/// What topics take, as their settings and their refusals say. Kafka's `max.message.bytes` is of a
/// batch of records with everything around it, as it is sent (compressed). One thread.
class TopicLimits {
public:
    struct Options {
        std::size_t request_bytes_max;  // `message.max.bytes` of the client: of a record
        std::size_t batch_bytes;        // its `batch.size`
        /// What a record takes in a batch is not known before it is compressed, so that only
        /// refusals tell whether it fits.
        bool is_compressed = false;
    };
    explicit TopicLimits(const Options& options);

    /// What topics' settings say; a topic of which they say something new forgets its refusals.
    void read(const std::map<std::string, std::size_t>& message_limits);

    /// Of key, value and headers of a record. At most what the client takes.
    std::size_t record_bytes_max(const std::string& topic) const;
    /// Of the batches to send, whatever their topics; at least 1, so that each record is one.
    std::size_t batch_bytes() const;

    /// Some records of a topic were refused that went in one batch: its size is smaller next time.
    void batch_refused(std::size_t bytes);
    /// A record of so many bytes was refused by itself.
    void record_refused(const std::string& topic, std::size_t bytes);
    /// Records were written. Where they are compressed, refusals of single ones are forgotten: one
    /// that compresses less well says nothing of the next.
    void committed();

private:
    struct Limit {
        std::optional<std::size_t> setting{};
        std::optional<std::size_t> refused{};  // a record of so many bytes
    };
    const Options options_;
    std::size_t batch_bytes_;  // as refusals have it
    std::map<std::string, Limit> topics_;
};

}  // namespace snowline::log::kafka
