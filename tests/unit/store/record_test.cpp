#include "store/record.h"

#include <array>
#include <cstring>
#include <numeric>
#include <string_view>
#include <vector>

#include "store/bytes.h"

namespace rm {
namespace {

using ::testing::Eq;

std::vector<std::byte> record_of(std::string_view payload, std::uint64_t sequence = 7) {
  std::vector<std::byte> bytes(kRecordHeader + padded(payload.size()) + 64);
  std::memcpy(bytes.data() + kRecordHeader, payload.data(), payload.size());
  bytes.resize(seal_record(bytes, RecordType::Decision, sequence, payload.size()));
  return bytes;
}

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span{text});
}

TEST(Crc, IsTheStandardCastagnoli) {
  EXPECT_EQ(crc32c(bytes_of("123456789")), 0xe3069283U);  // the check value of CRC-32C
  EXPECT_EQ(crc32c(bytes_of("6789"), crc32c(bytes_of("12345"))), 0xe3069283U);
  // RFC 3720, B.4: 32 bytes of nothing, and of ones, and counted up.
  EXPECT_EQ(crc32c(bytes_of(std::string(32, '\0'))), 0x8a9136aaU);
  EXPECT_EQ(crc32c(bytes_of(std::string(32, '\xff'))), 0x62a8ab43U);
  std::string counted(32, '\0');
  std::iota(counted.begin(), counted.end(), '\0');
  EXPECT_EQ(crc32c(bytes_of(counted)), 0x46dd794eU);
}

TEST(Record, ReadsBackWhatWasSealed) {
  const auto bytes = record_of("hello, broker");
  const auto read = read_record(bytes);
  ASSERT_EQ(read.kind, ReadRecord::Kind::Record);
  EXPECT_EQ(read.record.type, RecordType::Decision);
  EXPECT_EQ(read.record.sequence, 7U);
  EXPECT_EQ(read.record.version, version_of(RecordType::Decision));
  EXPECT_EQ(read.bytes, bytes.size());
  EXPECT_EQ(bytes.size() % 8, 0U);
  EXPECT_EQ(std::string_view(reinterpret_cast<const char*>(read.record.payload.data()), read.record.payload.size()),
            "hello, broker");
}

TEST(Record, MayBeEmpty) {
  EXPECT_EQ(read_record(record_of("")).kind, ReadRecord::Kind::Record);
}

TEST(Record, CutAnywhereIsNeverARecord) {
  const auto bytes = record_of("twelve bytes");
  const std::size_t whole = kRecordHeader + 12;  // the padding carries nothing
  for (std::size_t size = 0; size < whole; ++size)
    EXPECT_NE(read_record(std::span{bytes}.first(size)).kind, ReadRecord::Kind::Record) << size;
  EXPECT_EQ(read_record(std::span{bytes}.first(whole)).kind, ReadRecord::Kind::Record);
}

TEST(Record, AnyChangedBitIsNoticed) {
  const auto bytes = record_of("twelve bytes");
  for (std::size_t i = 0; i < kRecordHeader + 12; ++i) {
    if (i >= 20 && i < kRecordHeader) continue;  // the four spare bytes
    for (int bit = 0; bit < 8; ++bit) {
      auto changed = bytes;
      changed[i] ^= static_cast<std::byte>(1 << bit);
      EXPECT_NE(read_record(changed).kind, ReadRecord::Kind::Record) << "byte " << i << " bit " << bit;
    }
  }
}

TEST(Record, ZerosAreTheEnd) {
  EXPECT_EQ(read_record(std::vector<std::byte>(64)).kind, ReadRecord::Kind::End);
}

TEST(Bytes, NeitherReadsNorWritesBeyondTheEnd) {
  std::array<std::byte, 6> room{};
  ByteWriter out{room};
  out.put(std::uint32_t{0x01020304});
  out.put(std::uint32_t{5});
  EXPECT_FALSE(out.ok());
  EXPECT_EQ(out.size(), 4U);

  ByteReader in{room};
  EXPECT_EQ(in.take<std::uint32_t>(), 0x01020304U);
  EXPECT_EQ(in.take<std::uint32_t>(), 0U);
  EXPECT_FALSE(in.ok());
}

TEST(Bytes, KeepSignAndByteOrder) {
  std::array<std::byte, 32> room{};
  ByteWriter out{room};
  out.put(std::int64_t{-2});
  out.put(std::int32_t{-70'000});
  out.put_text("MNQ");
  ASSERT_TRUE(out.ok());
  EXPECT_EQ(room[0], std::byte{0xfe});
  ByteReader in{room};
  EXPECT_EQ(in.take<std::int64_t>(), -2);
  EXPECT_EQ(in.take<std::int32_t>(), -70'000);
  EXPECT_THAT(in.take_text(), Eq("MNQ"));
}

TEST(Bytes, ATextThatPromisesMoreThanThereIsIsRefused) {
  const std::array<std::byte, 4> lie{std::byte{200}, std::byte{0}, std::byte{'a'}, std::byte{'b'}};
  ByteReader in{lie};
  EXPECT_THAT(in.take_text(), Eq(""));
  EXPECT_FALSE(in.ok());
}

}  // namespace
}  // namespace rm
