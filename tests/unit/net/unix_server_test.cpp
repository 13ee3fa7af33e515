#include "net/unix_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <future>

#include "run_until.h"

namespace rm::net {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using namespace std::chrono_literals;

class UnixServerTest : public testing::Test {
 protected:
  UnixServerTest() {
    std::string name = (std::filesystem::temp_directory_path() / "rm-socket-XXXXXX").string();
    directory_ = mkdtemp(name.data());
    path_ = (directory_ / "control.sock").string();
  }
  ~UnixServerTest() override { std::filesystem::remove_all(directory_); }

  using Answer = std::expected<std::string, std::string>;
  Answer ask(const std::string& line, std::chrono::milliseconds timeout = 10s) {
    auto answer = std::async(std::launch::async, [&] { return unix_request(path_, line, timeout); });
    EXPECT_TRUE(test::run_until(loop_, [&] { return answer.wait_for(0s) == std::future_status::ready; }));
    return answer.get();
  }
  [[nodiscard]] int connect_raw() const {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path_.c_str(), path_.size());
    EXPECT_EQ(::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    return fd;
  }

  Loop loop_;
  std::filesystem::path directory_;
  std::string path_;
  UnixServer::Handler echo_ = [](std::string_view line) { return "you said: " + std::string{line}; };
};

TEST_F(UnixServerTest, AnswersALineAndIsOpenToItsOwnerAlone) {
  const UnixServer server{loop_, path_, echo_};
  struct stat found{};
  ASSERT_EQ(::stat(path_.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600U);
  EXPECT_EQ(ask("status"), Answer{"you said: status"});
  EXPECT_EQ(ask(""), Answer{"you said: "});
}

TEST_F(UnixServerTest, ALongAnswerArrivesWhole) {
  const std::string large(5'000'000, 'x');
  const UnixServer server{loop_, path_, [&](std::string_view) { return large; }};
  EXPECT_EQ(ask("status"), Answer{large});
}

TEST_F(UnixServerTest, ServesManyClientsAtOnceMoreThanItHolds) {
  const UnixServer server{loop_, path_, echo_};
  std::vector<std::future<Answer>> answers;
  for (int i = 0; i < 40; ++i)
    answers.push_back(
        std::async(std::launch::async, [this, i] { return unix_request(path_, std::to_string(i), 15s); }));
  ASSERT_TRUE(test::run_until(loop_, [&] {
    return std::ranges::all_of(answers,
                               [](auto& answer) { return answer.wait_for(0s) == std::future_status::ready; });
  }));
  for (std::size_t i = 0; i < answers.size(); ++i)
    EXPECT_EQ(answers[i].get(), Answer{"you said: " + std::to_string(i)});
}

TEST_F(UnixServerTest, ASocketLeftBehindIsReplacedALiveOneIsNot) {
  {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);  // bound, never removed: as after kill -9
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path_.c_str(), path_.size());
    ASSERT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    ::close(fd);
  }
  const UnixServer server{loop_, path_, echo_};
  Loop other;
  try {
    const UnixServer second{other, path_, echo_};
    FAIL() << "two servers on one path";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr(path_), HasSubstr("another process answers")));
  }
  EXPECT_EQ(ask("still there"), Answer{"you said: still there"});
}

TEST_F(UnixServerTest, WhatIsNotASocketIsLeftAlone) {
  std::ofstream{path_} << "precious";
  EXPECT_THROW((UnixServer{loop_, path_, echo_}), std::runtime_error);
  EXPECT_TRUE(std::filesystem::is_regular_file(path_));
  EXPECT_THROW((UnixServer{loop_, std::string(200, 'x'), echo_}), std::runtime_error);
  EXPECT_THROW((UnixServer{loop_, (directory_ / "no" / "such.sock").string(), echo_}), std::runtime_error);
}

TEST_F(UnixServerTest, RemovesItsSocketAtTheEnd) {
  {
    const UnixServer server{loop_, path_, echo_};
  }
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(UnixServerTest, AnOverlongRequestIsDropped) {
  bool called = false;
  const UnixServer server{loop_, path_, [&](std::string_view) {
                            called = true;
                            return std::string{"x"};
                          }};
  const auto answer = ask(std::string(70'000, 'x'));
  EXPECT_FALSE(answer);
  EXPECT_FALSE(called);
}

TEST_F(UnixServerTest, SilentClientsDoNotKeepOthersOut) {
  const UnixServer server{loop_, path_, echo_};
  std::vector<int> silent;
  for (int i = 0; i < 10; ++i) silent.push_back(connect_raw());
  EXPECT_EQ(ask("status"), Answer{"you said: status"});
  for (const int fd : silent) ::close(fd);
}

TEST_F(UnixServerTest, TheServerMayBeDestroyedInItsHandler) {
  std::unique_ptr<UnixServer> server;
  server = std::make_unique<UnixServer>(loop_, path_, [&](std::string_view) {
    server.reset();
    return std::string{"too late"};
  });
  EXPECT_FALSE(ask("stop"));
  EXPECT_EQ(server, nullptr);
}

TEST_F(UnixServerTest, ARequestSaysWhyItFailed) {
  EXPECT_THAT(unix_request(path_, "status", 1s).error(),
              AllOf(HasSubstr(path_), HasSubstr("nothing is running there")));
  const UnixServer server{loop_, path_, echo_};  // its loop does not run: it never answers
  EXPECT_THAT(unix_request(path_, "status", 50ms).error(), HasSubstr("did not answer in time"));
  EXPECT_THAT(unix_request(std::string(200, 'x'), "status", 1s).error(), HasSubstr("too long"));
}

}  // namespace
}  // namespace rm::net
