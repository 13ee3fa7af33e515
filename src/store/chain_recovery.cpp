#include "store/chain_recovery.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>

#include "store/journal_files.h"
#include "store/segment.h"

namespace rm {
namespace {

Result<void> write_at(const std::filesystem::path& file, std::size_t offset, std::span<const std::byte> bytes) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  int code = fd < 0 ? errno : 0;
  if (code == 0 && ::ftruncate(fd, static_cast<off_t>(offset)) != 0) code = errno;
  while (code == 0 && !bytes.empty()) {
    const auto count = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0) {
      if (errno != EINTR) code = errno;
      continue;
    }
    bytes = bytes.subspan(static_cast<std::size_t>(count));
    offset += static_cast<std::size_t>(count);
  }
  if (fd >= 0) ::close(fd);
  if (code != 0)
    return fail(ErrorCode::Io, "the journal's chain " + file.string() + " cannot be written: " + std::strerror(code));
  return {};
}

class Recovery {
 public:
  Recovery(const std::filesystem::path& dir, std::span<const ChainRow> known, bool heads_gone) : dir_{dir} {
    if (heads_gone) start_.trouble = "the heads of the journal's chain are gone from the database";
    for (const ChainRow& row : known) {
      start_.last_segment = std::max(start_.last_segment, row.segment);
      if (!row.removed) head_ = row;
    }
  }

  Result<ChainStart> run() {
    const auto segments = list_segments(dir_);
    const auto chains = list_chains(dir_);
    for (const SegmentFile& file : segments) start_.last_segment = std::max(start_.last_segment, file.number);
    for (const std::uint64_t number : chains) start_.last_segment = std::max(start_.last_segment, number);
    if (const auto chained = chain(segments, chains); !chained) return std::unexpected{chained.error()};
    if (!fits()) return go_on_from_database();
    for (const Plan& plan : plans_) {
      const auto written = write_at(chain_file(dir_, plan.row.segment), plan.offset, plan.bytes);
      if (!written) {
        start_.trouble = written.error().message;
        return go_on_from_database();
      }
      start_.rows.push_back(plan.row);
    }
    return std::move(start_);
  }

 private:
  struct Plan {
    std::size_t offset = 0;  // in the chain file
    std::vector<std::byte> bytes;
    ChainRow row;
  };

  Result<void> chain(const std::vector<SegmentFile>& segments, const std::vector<std::uint64_t>& chains) {
    // Without any file a chain may have heads: the process was killed between its first transaction and its first
    // file.
    if (!chains.empty()) {
      if (const auto done = go_on_in(chains.back()); !done) return done;
    }
    for (const SegmentFile& file : segments) {
      if (!start_.trouble.empty()) break;
      if (!chains.empty() && file.number <= chains.back()) continue;
      const auto bytes = load_journal_file(file.path);
      if (!bytes) return std::unexpected{bytes.error()};
      append(*bytes, file.number, std::nullopt);
    }
    return {};
  }

  Result<void> go_on_in(std::uint64_t number) {
    const auto chain = read_chain(chain_file(dir_, number));
    if (!chain) {  // changed, or not even readable: a start is not refused for it
      start_.trouble = chain.error().message;
      return {};
    }
    if (!std::filesystem::exists(segment_file(dir_, number))) {
      take_over(*chain);
      return {};
    }
    const auto bytes = load_journal_file(segment_file(dir_, number));
    if (!bytes) return std::unexpected{bytes.error()};
    append(*bytes, number, *chain);
    return {};
  }

  void take_over(const ChainFile& chain) {
    start_.tip = chain.header.before;
    start_.tip.segment = chain.header.segment;
    start_.tip.hash = hash_(encoded(chain.header));
    std::uint64_t sequence = chain.header.first_sequence;
    for (const ChainEntry& entry : chain.entries) arrive({chain.header.segment, sequence++, entry.hash});
  }

  void arrive(const ChainTip& tip) {
    start_.tip = tip;
    if (head_ && tip.segment == head_->segment && tip.sequence == head_->last_sequence)
      at_head_ = tip.hash == head_->head;
  }

  // Chains the records behind those that `chain` has; without one, from the first.
  void append(std::span<const std::byte> bytes, std::uint64_t number, const std::optional<ChainFile>& chain) {
    Plan plan;
    const ChainVersion version = chain ? chain->header.version : ChainVersion::Two;
    std::size_t known = 0, index = 0;
    if (chain) {
      take_over(*chain);
      known = chain->entries.size();
      plan.offset = kChainHeaderBytes + known * kChainEntryBytes;
      plan.row = {number, chain->header.first_sequence, start_.tip.sequence, start_.tip.hash, true, false};
    }
    if (bytes.size() < kSegmentHeader) return;
    for (std::size_t at = kSegmentHeader;; ++index) {
      const ReadRecord next = read_record(bytes.subspan(at));
      if (next.kind != ReadRecord::Kind::Record) break;
      const auto raw = bytes.subspan(at, next.bytes);
      at += next.bytes;
      if (index < known) continue;
      const std::uint64_t sequence = next.record.sequence;
      if (index == 0 && !chain) {
        const ChainHeader header{number, start_.tip, sequence};
        plan.bytes = encoded(header);
        plan.row = {number, sequence, 0, {}, true, false};
        start_.tip.hash = hash_(plan.bytes);
      } else if (sequence != plan.row.first_sequence + index) {
        start_.trouble = "record " + std::to_string(sequence) + " in " + segment_file({}, number).string() +
                         " does not follow the one before it";
        return;
      }
      arrive({number, sequence, linked(hash_, version, start_.tip.hash, raw)});
      append_entry(plan.bytes, {next.record.type, start_.tip.hash});
      plan.row.last_sequence = sequence;
      plan.row.head = start_.tip.hash;
      if (head_ && head_->complete && number <= head_->segment && sequence > head_->last_sequence) {
        start_.trouble = "record " + std::to_string(sequence) + " was added behind the end of " +
                         segment_file({}, number).string();
        return;
      }
      if (start_.first == 0) start_.first = sequence;
      start_.last = sequence;
    }
    if (!plan.bytes.empty()) plans_.push_back(std::move(plan));
  }

  [[nodiscard]] bool fits() {
    if (!start_.trouble.empty()) return false;
    if (!head_ || head_->segment < start_.tip.segment || at_head_.value_or(false)) {
      return true;
    }
    start_.trouble = "the journal does not lead to the head of its chain that the database keeps (record " +
                     std::to_string(head_->last_sequence) + ")";
    return false;
  }

  ChainStart go_on_from_database() {
    ChainStart start;
    start.last_segment = start_.last_segment;
    start.trouble = start_.trouble;
    start.tip = head_ ? ChainTip{head_->segment, head_->last_sequence, head_->head} : start_.tip;
    return start;
  }

  const std::filesystem::path& dir_;
  std::optional<ChainRow> head_;
  std::optional<bool> at_head_;  // whether the chain has the head's hash there
  Sha256Maker hash_;
  ChainStart start_;
  std::vector<Plan> plans_;
};

}  // namespace

Result<ChainStart> recover_chain(const std::filesystem::path& dir, std::span<const ChainRow> known, bool heads_gone) {
  return Recovery{dir, known, heads_gone}.run();
}

std::string changed_sentence(const std::string& problem) {
  return problem + ": it was changed while no process ran, or the machine lost power before the disk had it";
}

std::string sentence(const ChainStart& start) {
  if (!start.trouble.empty()) return changed_sentence(start.trouble) + ". `risk-manager journal verify` says where";
  if (start.first == 0) return {};
  return "records " + std::to_string(start.first) + " to " + std::to_string(start.last) +
         " were chained at this start only: the process before was killed, or of a version that did not chain";
}

}  // namespace rm
