#include "program.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <csignal>
#include <iostream>
#include <stdexcept>

namespace rm::apps {
namespace {

using testing::IsEmpty;
using testing::StrEq;

struct Outcome {
  int exit_code = -1;
  std::string err;
};

int exit_code_of(std::vector<std::string> words, const std::function<int()>& work, int require = 0) {
  CLI::App app{"", "prog"};
  std::string file;
  app.add_subcommand("begin")->add_option("--file", file);
  app.add_subcommand("look")->require_subcommand(require)->add_subcommand("twice");
  app.require_subcommand(require);
  words.insert(words.begin(), "prog");
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  return run_program(app, static_cast<int>(argv.size()), argv.data(), work);
}

Outcome run(std::vector<std::string> words, const std::function<int()>& work, int require = 0) {
  testing::internal::CaptureStderr();
  const int exit_code = exit_code_of(std::move(words), work, require);
  return {exit_code, testing::internal::GetCapturedStderr()};
}

// Standard output leads there while it lives.
class OutputTo {
 public:
  explicit OutputTo(int fd) : before_{::dup(STDOUT_FILENO)} {
    std::cout << std::flush;
    ::dup2(fd, STDOUT_FILENO);
    ::close(fd);
  }
  ~OutputTo() {
    ::dup2(before_, STDOUT_FILENO);
    ::close(before_);
    std::cout.clear();
  }
  OutputTo(const OutputTo&) = delete;
  OutputTo& operator=(const OutputTo&) = delete;

 private:
  int before_;
};

int say_something() {
  std::cout << "something\n";
  return 0;
}

TEST(Program, AnErrorThatNobodyCaughtIsOneSentence) {
  const Outcome thrown = run({}, []() -> int { throw std::runtime_error{"no such thing"}; });
  EXPECT_EQ(thrown.exit_code, 1);
  EXPECT_THAT(thrown.err,
              StrEq("prog: stopped by an error that was not foreseen, please report it: no such thing\n"));
  const Outcome wordless = run({}, []() -> int { throw 7; });
  EXPECT_EQ(wordless.exit_code, 1);
  EXPECT_THAT(wordless.err,
              StrEq("prog: stopped by an error that was not foreseen and has no words, please report it\n"));
}

TEST(Program, OutputThatIsLostIsNoSuccess) {
  const OutputTo full{::open("/dev/full", O_WRONLY)};
  const Outcome lost = run({}, say_something);
  EXPECT_EQ(lost.exit_code, 1);
  EXPECT_THAT(lost.err, StrEq("prog: the output is not complete, standard output cannot be written: No space left on "
                              "device\n"));
}

TEST(Program, OutputThatIsLostBeforeTheEndIsNoSuccessEither) {
  const OutputTo full{::open("/dev/full", O_WRONLY)};
  const Outcome lost = run({}, [] {
    std::cout << std::string(100'000, 'x') << std::flush;
    std::cout.clear();
    return 0;
  });
  EXPECT_EQ(lost.exit_code, 1);
}

TEST(Program, WhatFailedKeepsItsExitCode) {
  const OutputTo full{::open("/dev/full", O_WRONLY)};
  const Outcome lost = run({}, [] { return (void)say_something(), 2; });
  EXPECT_EQ(lost.exit_code, 2);
}

TEST(Program, OutputThatIsClosedIsNoSuccess) {
  const OutputTo full{::open("/dev/full", O_WRONLY)};
  ::close(STDOUT_FILENO);
  const int exit_code = exit_code_of({}, [] {
    EXPECT_NE(::open("/dev/zero", O_RDWR), STDOUT_FILENO) << "what is opened later is not printed into";
    return say_something();
  });
  EXPECT_EQ(exit_code, 1);
}

TEST(Program, WhoClosesAPipeHasReadWhatHeWanted) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ::close(ends[0]);
  const auto before = std::signal(SIGPIPE, SIG_IGN);
  {
    const OutputTo pipe{ends[1]};
    const Outcome closed = run({}, say_something);
    EXPECT_EQ(closed.exit_code, 0);
    EXPECT_THAT(closed.err, IsEmpty());
  }
  std::signal(SIGPIPE, before);
}

struct Wrong {
  std::vector<std::string> words;
  std::string sentence;
};

TEST(Program, AWrongCommandLineIsOneSentenceThatSaysWhatIsAllowed) {
  const std::vector<Wrong> cases{
      {{}, "which command? Allowed are begin, look"},
      {{"bogus"}, "found 'bogus', allowed are begin, look"},
      {{"b\x1b[31m\n"}, "found 'b?[31m?', allowed are begin, look"},
      {{"look"}, "look: which command? Allowed are twice"},
      {{"look", "twise"}, "look: found 'twise', allowed are twice"},
      {{"begin", "--fiel", "x"}, "begin: found '--fiel', allowed are --help, --file"},
      {{"begin", "--file"}, "begin: --file: 1 required TEXT missing; 'prog begin --help' says what is allowed"},
      {{"begin", "--file", ""},
       "begin: --file: found an empty text (a variable that is not set?), allowed is a value, or to leave it out; "
       "'prog begin --help' says what is allowed"},
  };
  for (const Wrong& wrong : cases) {
    const Outcome refused = run(wrong.words, [] { return 0; }, 1);
    EXPECT_EQ(refused.exit_code, 2);
    EXPECT_THAT(refused.err, StrEq("prog: " + wrong.sentence + "\n"));
  }
}

}  // namespace
}  // namespace rm::apps
