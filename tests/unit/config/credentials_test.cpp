#include "config/credentials.h"

#include <fmt/format.h>
#include <unistd.h>

#include <ostream>
#include <type_traits>

#include "unit/config/table.h"

namespace rm::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// A secret cannot be shown by accident, nor copied about.
template <class T>
concept Streamable = requires(std::ostream& out, const T& value) { out << value; };
static_assert(!Streamable<Secret> && Streamable<std::string>);
static_assert(!fmt::is_formattable<Secret>::value);
static_assert(!std::is_convertible_v<Secret, std::string> && !std::is_convertible_v<Secret, std::string_view>);
static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
static_assert(!std::equality_comparable<Secret>);

constexpr const char* kUser = "PROJECT_X_USERNAME=trader";
constexpr const char* kKey = "PROJECT_X_API_KEY=hunter2=";

std::string refusal(std::initializer_list<const char*> environment, const std::string& file = {}) {
  const auto login = load_credentials(std::span{environment.begin(), environment.size()}, file);
  return login ? "accepted" : login.error().message;
}

ErrorCode code_of(const std::string& file) {
  const auto login = load_credentials({}, file);
  EXPECT_FALSE(login);
  return login ? ErrorCode{} : login.error().code;
}

TEST(Credentials, ComeFromTheEnvironmentFirst) {
  const TempFolder folder;
  const char* const environment[] = {kUser, kKey};
  const auto login = load_credentials(environment, folder.write("login", "username: other\napi_key: other\n"));
  ASSERT_TRUE(login);
  EXPECT_EQ(login->username.reveal(), "trader");
  EXPECT_EQ(login->api_key.reveal(), "hunter2=");
}

TEST(Credentials, ComeFromAFileOfTheOwner) {
  const TempFolder folder;
  for (const unsigned mode : {0600U, 0400U}) {
    const auto login = load_credentials(
        {}, folder.write("login" + std::to_string(mode), "# login\nusername: trader\napi_key: 'hun#ter2'\n", mode));
    ASSERT_TRUE(login);
    EXPECT_EQ(login->username.reveal(), "trader");
    EXPECT_EQ(login->api_key.reveal(), "hun#ter2");
  }
}

TEST(Credentials, HalvesAreNotPutTogether) {
  const TempFolder folder;
  const std::string file = folder.write("login", "username: trader\napi_key: hunter2\n");
  EXPECT_EQ(refusal({kUser}, file), "PROJECT_X_USERNAME is set, PROJECT_X_API_KEY is not: set both or neither");
  EXPECT_EQ(refusal({kKey}, file), "PROJECT_X_API_KEY is set, PROJECT_X_USERNAME is not: set both or neither");
  EXPECT_EQ(refusal({kUser, "PROJECT_X_API_KEY="}),
            "PROJECT_X_USERNAME is set, PROJECT_X_API_KEY is not: set both or neither");
}

TEST(Credentials, NoLoginAtAllSaysWhatToDo) {
  EXPECT_EQ(refusal({"PATH=/bin"}),
            "no login: set PROJECT_X_USERNAME and PROJECT_X_API_KEY, or name an owner-only file as credentials_file");
}

TEST(Credentials, AFileThatOthersMayReadOrWriteIsRefused) {
  const TempFolder folder;
  for (const unsigned mode : {0640U, 0604U, 0644U, 0620U, 0602U, 0610U, 0601U, 0660U, 0777U}) {
    const std::string file =
        folder.write("login" + std::to_string(mode), "username: trader\napi_key: hunter2\n", mode);
    SCOPED_TRACE(mode);
    EXPECT_EQ(code_of(file), ErrorCode::Refused);
    EXPECT_THAT(refusal({}, file), HasSubstr("is open to others"));
    EXPECT_THAT(refusal({}, file), HasSubstr("chmod 600 " + file));
  }
}

TEST(Credentials, AFileOfAnotherUserIsRefused) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  const TempFolder folder;
  const std::string file = folder.write("login", "username: trader\napi_key: hunter2\n");
  ASSERT_EQ(::chown(file.c_str(), 65534, 65534), 0);
  EXPECT_EQ(code_of(file), ErrorCode::Refused);
  EXPECT_THAT(refusal({}, file), HasSubstr("belongs to another user"));
}

TEST(Credentials, WhatIsWrongInTheFileIsSaidWithoutShowingIt) {
  const TempFolder folder;
  const std::pair<const char*, const char*> cases[] = {
      {"hunter2\n", "allowed are the two lines"},
      {"", "allowed are the two lines"},
      {"hunter2: trader\n", ":1: unknown key"},
      {"username: trader\n", "'api_key' is missing"},
      {"api_key: hunter2\n", "'username' is missing"},
      {"username: a\nusername: hunter2\n", ":2: 'username' is written twice"},
      {"username: [hunter2]\n", ":1: 'username' is not a text of one line"},
      {"username: a\napi_key: \"hunter2\\n\"\n", ":2: 'api_key' is not a text of one line"},
      {"username: a\napi_key:\n", ":2: 'api_key' is not a text of one line"},
      {"username: \"hunter2\n", "not YAML"},
      {"username: hunter2\xff\n", "is not UTF-8"},
  };
  int n = 0;
  for (const auto& [text, problem] : cases) {
    SCOPED_TRACE(text);
    const std::string said = refusal({}, folder.write("login" + std::to_string(n++), text));
    EXPECT_THAT(said, HasSubstr(problem));
    EXPECT_THAT(said, Not(HasSubstr("hunter2")));
  }
  EXPECT_THAT(refusal({}, folder.path() + "/none"), HasSubstr("there is no such file"));
  EXPECT_EQ(refusal({kUser, "PROJECT_X_API_KEY=hunter2\nX: y"}), "PROJECT_X_API_KEY is not a text of one line");
}

TEST(Secret, IsGoneFromWhatItWasMovedFrom) {
  Secret first{"short"};
  const Secret second{std::move(first)};
  EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): that is the question
  EXPECT_EQ(second.reveal(), "short");
  Secret third{std::string(100, 'x')};
  third = Secret{"other"};
  EXPECT_EQ(third.reveal(), "other");
}

}  // namespace
}  // namespace rm::test
