// A look at the database finds what is wrong with it and leaves no trace.

#include "store/inspect.h"

#include <gmock/gmock.h>

#include <fstream>

#include "desk.h"
#include "store/migrations.h"

namespace rm {
namespace {

using samples::OpenStore;
using samples::query;
using samples::TempDir;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class LookAtDatabase : public testing::Test {
 protected:
  LookAtDatabase() { OpenStore{dir_.path()}.store.value()->close(); }
  [[nodiscard]] std::filesystem::path file() const { return dir_.path() / "risk-manager.db"; }
  TempDir dir_;
};

TEST_F(LookAtDatabase, ASoundOneHasItsSchemaVersionAndNoDamage) {
  const auto look = look_at_database(file());
  ASSERT_TRUE(look) << look.error().message;
  EXPECT_EQ(look->schema_version, kSchemaVersion);
  EXPECT_THAT(look->damage, IsEmpty());
}

TEST_F(LookAtDatabase, AnIndexThatDoesNotAgreeWithItsTableIsDamage) {
  query(dir_.path(), "INSERT INTO notifications VALUES (1, 1, 1, 1, 'a', 'b', 'c'), (2, 2, 2, 2, 'a', 'b', 'c')");
  query(dir_.path(), "INSERT INTO requests VALUES (1, 77, 1, 'e', 's', 1, NULL, NULL, NULL, NULL)");
  query(dir_.path(), "PRAGMA wal_checkpoint(TRUNCATE)");
  const int page =
      std::stoi(query(dir_.path(), "SELECT rootpage FROM sqlite_schema WHERE name = 'requests_by_enforcement'"));
  std::fstream bytes{file(), std::ios::in | std::ios::out | std::ios::binary};
  std::string text(4096, '\0');
  const std::streamoff start = std::streamoff{page - 1} * 4096;
  bytes.seekg(start).read(text.data(), 4096);
  const auto entry = text.rfind('\x4d');  // 77, the only entry of the index
  ASSERT_NE(entry, std::string::npos);
  bytes.seekp(start + static_cast<std::streamoff>(entry)).put('\x4e');
  bytes.close();
  const auto look = look_at_database(file());
  ASSERT_TRUE(look) << look.error().message;
  EXPECT_THAT(look->damage, Not(IsEmpty()));
}

TEST_F(LookAtDatabase, ANewerSchemaIsToldAsItIs) {
  query(dir_.path(), "UPDATE schema_version SET version = 99");
  const auto look = look_at_database(file());
  ASSERT_TRUE(look);
  EXPECT_EQ(look->schema_version, 99);
}

TEST_F(LookAtDatabase, AnotherProgramsIsNamed) {
  query(dir_.path(), "PRAGMA application_id = 7");
  const auto look = look_at_database(file());
  ASSERT_FALSE(look);
  EXPECT_EQ(look.error().code, ErrorCode::Refused);
  EXPECT_THAT(look.error().message, HasSubstr(file().string() + " belongs to another program"));
}

TEST_F(LookAtDatabase, WhatIsNoDatabaseIsSaidToBeDamaged) {
  std::ofstream{file(), std::ios::trunc} << "this is no database";
  const auto look = look_at_database(file());
  ASSERT_FALSE(look);
  EXPECT_THAT(look.error().message, HasSubstr("damaged or not a database"));
}

TEST_F(LookAtDatabase, AFileThatIsNotThereIsNotMade) {
  EXPECT_FALSE(look_at_database(dir_.path() / "other.db"));
  EXPECT_FALSE(std::filesystem::exists(dir_.path() / "other.db"));
}

}  // namespace
}  // namespace rm
