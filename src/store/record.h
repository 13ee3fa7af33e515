#pragma once
// The journal's record: a 24-byte header, the payload, padding to 8 bytes. All numbers little-endian.
//   u32 length of the payload + 1 (0: no record; stored last)   u16 type   u16 version   u64 sequence   u32 CRC-32C
//   u32 zero
// The checksum covers length, type, version, sequence and payload.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace rm {

enum class RecordType : std::uint16_t {
  Event = 1,
  Decision,
  Request,
  Reply,
  Receipt,
  LockEnded,
  Trade,
  Day,
  Notification,
  Note,
  Clocks,
  Config = 12,
  // For replays; they make no rows.
  RunBegins = 20,
  Contract,
  RunStart,
  RulesChanged,
  Quotes,
  LoginTurn
};
[[nodiscard]] std::string_view name_of(RecordType type);  // "decision"; "unknown" for a number that has no name

inline constexpr std::size_t kRecordHeader = 24;
// Grows with each change of the fields of a type. Older ones are still read.
[[nodiscard]] constexpr std::uint16_t version_of(RecordType type) {
  return type == RecordType::Event ? 2 : 1;  // 2: what a replay needs
}

struct JournalRecord {
  RecordType type{};
  std::uint16_t version = 0;
  std::uint64_t sequence = 0;
  std::span<const std::byte> payload;  // into the segment
};

[[nodiscard]] constexpr std::size_t padded(std::size_t bytes) {
  return (bytes + 7) / 8 * 8;
}

// Writes header and length for a payload that already stands at at[kRecordHeader...]; the length last, so that a
// process killed in between leaves no record. Returns the bytes used, padding included.
std::size_t seal_record(std::span<std::byte> at, RecordType type, std::uint64_t sequence, std::size_t payload_bytes);

struct ReadRecord {
  enum class Kind : std::uint8_t { Record, End, Damaged } kind{};
  JournalRecord record;
  std::size_t bytes = 0;  // used by the record
};
// The record at the front of `bytes`. End: zero length or no room for a header. Damaged: anything that does not add
// up.
[[nodiscard]] ReadRecord read_record(std::span<const std::byte> bytes);

// CRC-32C (Castagnoli), continued from `seed`.
[[nodiscard]] std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t seed = 0);

}  // namespace rm
