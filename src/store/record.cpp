#include "store/record.h"

#include <array>
#include <atomic>

#include "store/bytes.h"

namespace rm {
namespace {

// Eight bytes a step ("slicing by 8"; M. Kounavis and F. Berry, 2005): table k is for a byte with k bytes behind it.
using CrcTables = std::array<std::array<std::uint32_t, 256>, 8>;
constexpr CrcTables make_crc_tables() {
  constexpr std::uint32_t kReversedPolynomial = 0x82f63b78;
  CrcTables tables{};
  for (std::uint32_t i = 0; i < tables[0].size(); ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1U) != 0 ? kReversedPolynomial : 0U);
    tables[0][i] = value;
  }
  for (std::size_t k = 1; k < tables.size(); ++k) {
    for (std::size_t i = 0; i < tables[k].size(); ++i)
      tables[k][i] = (tables[k - 1][i] >> 8) ^ tables[0][tables[k - 1][i] & 0xFF];
  }
  return tables;
}
constexpr CrcTables kCrc = make_crc_tables();

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
  const auto byte = [&](std::size_t i) { return std::to_integer<std::uint32_t>(bytes[i]); };
  for (; bytes.size() >= 8; bytes = bytes.subspan(8)) {
    crc ^= byte(0) | byte(1) << 8 | byte(2) << 16 | byte(3) << 24;
    crc = kCrc[7][crc & 0xFF] ^ kCrc[6][crc >> 8 & 0xFF] ^ kCrc[5][crc >> 16 & 0xFF] ^ kCrc[4][crc >> 24] ^
          kCrc[3][byte(4)] ^ kCrc[2][byte(5)] ^ kCrc[1][byte(6)] ^ kCrc[0][byte(7)];
  }
  for (const std::byte b : bytes) crc = kCrc[0][(crc ^ std::to_integer<std::uint32_t>(b)) & 0xFF] ^ (crc >> 8);
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
