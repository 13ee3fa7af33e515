#include "store/withheld.h"

#include <algorithm>

#include "store/bytes.h"

namespace rm {
namespace {

constexpr std::size_t kLinkBytes = kRecordHeader + std::tuple_size_v<Sha256>;
constexpr std::size_t kTypeAt = 4;  // in the header, behind the length

}  // namespace

bool may_be_withheld(RecordType type) {
  return type == RecordType::Config || type == RecordType::RunStart || type == RecordType::RulesChanged;
}

std::vector<std::byte> withheld_note(std::span<const std::byte> record, std::string_view why) {
  const std::size_t size = kLinkBytes + why.size();
  std::vector<std::byte> note(kRecordHeader + padded(size));
  const std::span<std::byte> payload = std::span{note}.subspan(kRecordHeader);
  Sha256Maker hash;
  std::ranges::copy(record.first(kRecordHeader), payload.begin());
  std::ranges::copy(hash(record.subspan(kRecordHeader)), payload.begin() + kRecordHeader);
  std::ranges::copy(std::as_bytes(std::span{why}), payload.begin() + kLinkBytes);
  seal_record(note, kWithheld, read_record(record).record.sequence, size);
  return note;
}

std::optional<Withheld> read_withheld(const JournalRecord& note) {
  if (note.type != kWithheld || note.payload.size() < kLinkBytes) return std::nullopt;
  ByteReader header{note.payload.subspan(kTypeAt)};
  Withheld withheld;
  withheld.type = static_cast<RecordType>(header.take<std::uint16_t>());
  (void)header.take<std::uint16_t>();  // the version of its fields
  withheld.sequence = header.take<std::uint64_t>();
  withheld.link = note.payload.first(kLinkBytes);
  const auto why = note.payload.subspan(kLinkBytes);
  withheld.why = {reinterpret_cast<const char*>(why.data()), why.size()};
  if (withheld.sequence != note.sequence) return std::nullopt;
  return withheld;
}

}  // namespace rm
