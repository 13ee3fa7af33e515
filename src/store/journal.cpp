#include "store/journal.h"

#include <cstring>
#include <string>

#include "store/journal_files.h"

namespace rm {

Result<std::unique_ptr<Journal>> Journal::open(const std::filesystem::path& dir, std::uint64_t next_segment,
                                               std::uint64_t next_sequence, JournalOptions options,
                                               const ChainTip& chain) {
  std::unique_ptr<Journal> journal{new Journal{dir, next_segment, next_sequence, options, chain}};
  for (std::size_t i = 0; i < kAhead; ++i) {
    auto segment =
        Segment::create(segment_file(dir, journal->next_number_), journal->next_number_, options.segment_bytes);
    if (!segment) {
      return fail(ErrorCode::Io, "no room for a journal file of " + std::to_string(options.segment_bytes) +
                                     " bytes in " + dir.string() + ": " + std::strerror(segment.error()));
    }
    ++journal->next_number_;
    journal->hand_over(std::move(*segment));
  }
  journal->next_segment();
  return journal;
}

Journal::Journal(std::filesystem::path dir, std::uint64_t next_segment, std::uint64_t next_sequence,
                 JournalOptions options, const ChainTip& chain)
    : dir_{std::move(dir)},
      options_{options},
      next_sequence_{next_sequence},
      last_sequence_{next_sequence - 1},
      chain_{dir_, chain},
      next_number_{next_segment} {}

std::span<std::byte> Journal::room() {
  // The disk takes files again: what comes next belongs there.
  while (!current_->on_disk() && files_ready_.load(std::memory_order_acquire) > 0) next_segment();
  const auto left = current_->room();
  if (left.size() <= kRecordHeader + 8) return {};
  // Whole records are padded to 8 bytes; what fits must fit with its padding.
  return left.subspan(kRecordHeader, (left.size() - kRecordHeader) / 8 * 8);
}

std::uint64_t Journal::commit(RecordType type, std::size_t payload_bytes) {
  const std::uint64_t sequence = next_sequence_++;
  current_->advance(seal_record(current_->room(), type, sequence, payload_bytes));
  last_sequence_.store(sequence, std::memory_order_release);
  return sequence;
}

bool Journal::next_segment() {
  const std::size_t taken = consumed_.load(std::memory_order_relaxed);
  if (produced_.load(std::memory_order_acquire) == taken) return false;
  Segment* next = ready_[taken % kRing];
  if (next->on_disk()) files_ready_.fetch_sub(1, std::memory_order_relaxed);
  if (current_ != nullptr) current_->seal();
  current_ = next;
  consumed_.store(taken + 1, std::memory_order_release);
  return true;
}

void Journal::hand_over(std::unique_ptr<Segment> segment) {
  const std::size_t made = produced_.load(std::memory_order_relaxed);
  ready_[made % kRing] = segment.get();
  if (segment->on_disk()) files_ready_.fetch_add(1, std::memory_order_relaxed);
  segments_.push_back(std::move(segment));
  produced_.store(made + 1, std::memory_order_release);
}

int Journal::prepare() {
  const auto ready = [&] {
    return produced_.load(std::memory_order_relaxed) - consumed_.load(std::memory_order_acquire);
  };
  while (files_ready_.load(std::memory_order_relaxed) < kAhead && ready() < kRing) {
    auto segment = Segment::create(segment_file(dir_, next_number_), next_number_, options_.segment_bytes);
    if (!segment) {
      if (ready() == 0 && segments_.size() < options_.memory_segments) {
        if (auto memory = Segment::in_memory(options_.segment_bytes)) hand_over(std::move(memory));
      }
      return segment.error();
    }
    ++next_number_;
    hand_over(std::move(*segment));
  }
  return 0;
}

std::size_t Journal::read(std::size_t at_most, const std::function<void(const JournalRecord&)>& visit) {
  std::size_t count = 0;
  while (count < at_most && shown_.segment < segments_.size()) {
    const Segment& segment = *segments_[shown_.segment];
    const bool sealed = segment.sealed();  // before the bytes: nothing is published behind a seal
    const auto bytes = segment.published();
    if (shown_.offset >= bytes.size()) {
      if (!sealed) break;
      shown_ = {shown_.segment + 1, kSegmentHeader};
      continue;
    }
    const ReadRecord next = read_record(bytes.subspan(shown_.offset));
    if (next.kind !=
        ReadRecord::Kind::Record) {  // memory was overwritten: nothing behind it can be trusted to start at a record
      shown_.offset = bytes.size();
      continue;
    }
    if (segment.on_disk()) chain_.add(segment.number(), next.record, bytes.subspan(shown_.offset, next.bytes));
    shown_.offset += next.bytes;
    visit(next.record);
    ++count;
  }
  if (shown_.segment > done_.segment) choose_oldest();
  return count;
}

int Journal::release() {
  done_ = shown_;
  for (; done_.segment > 0; --done_.segment) segments_.pop_front();
  shown_ = done_;
  for (const std::uint64_t number : chain_.update().removed) {
    std::error_code ignored;  // a file that stays is tried again with the next one
    std::filesystem::remove(segment_file(dir_, number), ignored);
    std::filesystem::remove(chain_file(dir_, number), ignored);
  }
  return chain_.release();
}

void Journal::rewind() {
  shown_ = done_;
  chain_.rewind();
}

// The database is told before they go: what is missing without its word was taken away by somebody else.
void Journal::choose_oldest() {
  const auto files = list_segments(dir_);
  const std::size_t keep = options_.keep_segments + segments_.size() - shown_.segment;
  std::vector<std::uint64_t> oldest;
  for (std::size_t i = 0; i + keep < files.size(); ++i) oldest.push_back(files[i].number);
  chain_.will_remove(std::move(oldest));
}

}  // namespace rm
