#include "store/record.h"

#include <array>
#include <atomic>

#include "store/bytes.h"

namespace rm {
namespace {

constexpr std::array<std::uint32_t, 256> make_crc_table() {
  constexpr std::uint32_t kReversedPolynomial = 0x82f63b78;
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1U) != 0 ? kReversedPolynomial : 0U);
    table[i] = value;
  }
  return table;
}
constexpr auto kCrcTable = make_crc_table();

constexpr std::size_t kCrcAt = 16;  // length, type, version, sequence stand before it
constexpr std::size_t kLengthBytes = 4;

std::uint32_t checksum(std::span<const std::byte> header, std::uint32_t length, std::span<const std::byte> payload) {
  std::array<std::byte, kLengthBytes> length_bytes{};
  ByteWriter{length_bytes}.put(length);
  std::uint32_t crc = crc32c(length_bytes);
  crc = crc32c(header.subspan(kLengthBytes, kCrcAt - kLengthBytes), crc);
  return crc32c(payload, crc);
}

// The length is the last thing another process may see; the bytes of a 32-bit store are never torn.
void publish_length(std::byte* at, std::uint32_t length) {
  std::array<std::byte, kLengthBytes> bytes{};
  ByteWriter{bytes}.put(length);
  std::uint32_t raw = 0;
  std::memcpy(&raw, bytes.data(), sizeof raw);
  std::atomic_ref<std::uint32_t>{*reinterpret_cast<std::uint32_t*>(at)}.store(raw, std::memory_order_release);
}

}  // namespace

std::string_view name_of(RecordType type) {
  switch (type) {
    case RecordType::Event:
      return "event";
    case RecordType::Decision:
      return "decision";
    case RecordType::Request:
      return "request";
    case RecordType::Reply:
      return "reply";
    case RecordType::Receipt:
      return "receipt";
    case RecordType::LockEnded:
      return "lock_ended";
    case RecordType::Trade:
      return "trade";
    case RecordType::Day:
      return "day";
    case RecordType::Notification:
      return "notification";
    case RecordType::Note:
      return "note";
    case RecordType::Clocks:
      return "clocks";
    case RecordType::Config:
      return "config";
    case RecordType::RunBegins:
      return "run_begins";
    case RecordType::Contract:
      return "contract";
    case RecordType::RunStart:
      return "run_start";
    case RecordType::RulesChanged:
      return "rules_changed";
    case RecordType::Quotes:
      return "quotes";
    case RecordType::LoginTurn:
      return "login_turn";
  }
  return "unknown";
}

std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t seed) {
  std::uint32_t crc = ~seed;
  for (const std::byte b : bytes) crc = kCrcTable[(crc ^ std::to_integer<std::uint32_t>(b)) & 0xffU] ^ (crc >> 8);
  return ~crc;
}

std::size_t seal_record(std::span<std::byte> at, RecordType type, std::uint64_t sequence, std::size_t payload_bytes) {
  const auto length = static_cast<std::uint32_t>(payload_bytes + 1);
  ByteWriter header{at.subspan(kLengthBytes, kRecordHeader - kLengthBytes)};
  header.put(static_cast<std::uint16_t>(type));
  header.put(version_of(type));
  header.put(sequence);
  header.put(checksum(at.first(kRecordHeader), length, at.subspan(kRecordHeader, payload_bytes)));
  header.put(std::uint32_t{0});
  publish_length(at.data(), length);
  return kRecordHeader + padded(payload_bytes);
}

ReadRecord read_record(std::span<const std::byte> bytes) {
  if (bytes.size() < kRecordHeader) return {ReadRecord::Kind::End, {}, 0};
  ByteReader header{bytes};
  const auto length = header.take<std::uint32_t>();
  if (length == 0) return {ReadRecord::Kind::End, {}, 0};
  const std::size_t payload_bytes = length - 1;
  if (payload_bytes > bytes.size() - kRecordHeader) return {ReadRecord::Kind::Damaged, {}, 0};
  JournalRecord record;
  record.type = static_cast<RecordType>(header.take<std::uint16_t>());
  record.version = header.take<std::uint16_t>();
  record.sequence = header.take<std::uint64_t>();
  record.payload = bytes.subspan(kRecordHeader, payload_bytes);
  if (header.take<std::uint32_t>() != checksum(bytes.first(kRecordHeader), length, record.payload))
    return {ReadRecord::Kind::Damaged, {}, 0};
  const std::size_t used = kRecordHeader + padded(payload_bytes);
  return {ReadRecord::Kind::Record, record, used < bytes.size() ? used : bytes.size()};
}

}  // namespace rm
