#include "net/http_response.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

namespace rm::net {
namespace {

using State = HttpResponseReader::State;
using testing::AnyOf;

struct Case {
  const char* name;
  std::string wire;
  int status;
  std::string body;
  bool keep_alive;
};

std::vector<Case> answers() {
  return {
      {"length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", true},
      {"chunked",
       "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nTrailer: t\r\n\r\n", 200,
       "hello", true},
      {"empty", "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n", 401, "", true},
      {"no content", "HTTP/1.1 204 No Content\r\n\r\n", 204, "", true},
      {"close", "HTTP/1.1 503 Busy\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno", 503, "no", false},
      {"HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", 200, "x", false},
      {"interim",
       "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: "
       "2\r\n\r\nok",
       200, "ok", true},
  };
}

TEST(HttpResponse, ReadsEveryKindOfAnswerCutAtEveryByte) {
  for (const auto& c : answers()) {
    SCOPED_TRACE(c.name);
    HttpResponseReader reader{1024};
    for (std::size_t cut = 0; cut <= c.wire.size(); ++cut) {
      reader.start();
      EXPECT_FALSE(reader.begun());
      const bool whole = cut == c.wire.size();
      ASSERT_EQ(reader.feed(c.wire.substr(0, cut)), whole ? State::Complete : State::Incomplete) << cut;
      EXPECT_EQ(reader.begun(), cut > 0);
      if (!whole) {
        ASSERT_EQ(reader.feed(c.wire.substr(cut)), State::Complete) << cut;
      }
      EXPECT_EQ(reader.status(), c.status);
      EXPECT_EQ(reader.keep_alive(), c.keep_alive);
      EXPECT_EQ(reader.leftover(), "");
      EXPECT_EQ(reader.take_body(), c.body);
    }
  }
}

TEST(HttpResponse, WithoutALengthTheEndOfTheStreamIsTheEnd) {
  HttpResponseReader reader{1024};
  EXPECT_EQ(reader.feed("HTTP/1.1 200 OK\r\n\r\nsome"), State::Incomplete);
  EXPECT_EQ(reader.feed("thing"), State::Incomplete);
  EXPECT_TRUE(reader.header_done());
  EXPECT_EQ(reader.end_of_stream(), State::Complete);
  EXPECT_EQ(reader.take_body(), "something");
  EXPECT_FALSE(reader.keep_alive());
}

TEST(HttpResponse, ACutAnswerIsNeverComplete) {
  for (const auto& c : answers())
    for (std::size_t cut = 0; cut < c.wire.size(); ++cut) {
      HttpResponseReader reader{1024};
      ASSERT_EQ(reader.feed(c.wire.substr(0, cut)), State::Incomplete);
      ASSERT_EQ(reader.end_of_stream(), State::Incomplete) << c.name << " cut at " << cut;
    }
}

TEST(HttpResponse, WhatComesAfterTheAnswerIsLeftOver) {
  HttpResponseReader reader{1024};
  EXPECT_EQ(reader.feed("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\x02{}"), State::Complete);
  EXPECT_EQ(reader.status(), 101);
  EXPECT_EQ(reader.header("upgrade"), "websocket");
  EXPECT_EQ(reader.header("nothing"), "");
  EXPECT_EQ(reader.leftover(), "\x81\x02{}");
}

TEST(HttpResponse, HasLimits) {
  HttpResponseReader reader{10};
  EXPECT_EQ(reader.feed("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789"), State::Complete);
  reader.start();
  EXPECT_EQ(reader.feed("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n"), State::TooLarge);
  reader.start();
  EXPECT_EQ(reader.feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n01234567\r\n8\r\n01234567\r\n"),
            State::TooLarge);
  reader.start();
  EXPECT_EQ(reader.feed("HTTP/1.1 200 OK\r\n\r\n01234567890"), State::TooLarge);
  reader.start();
  EXPECT_EQ(reader.feed("HTTP/1.1 200 OK\r\nX: " + std::string(20'000, 'x')), State::TooLarge);
}

TEST(HttpResponse, RefusesWhatIsNotHttp) {
  for (const char* wire :
       {"SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon here\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
    HttpResponseReader reader{1024};
    EXPECT_EQ(reader.feed(wire), State::Malformed) << wire;
  }
}

TEST(HttpResponse, SurvivesAnyDamage) {
  std::mt19937 random{7};
  const auto originals = answers();
  for (int round = 0; round < 20'000; ++round) {
    std::string wire = originals[random() % originals.size()].wire;
    for (unsigned i = 0; i <= random() % 4; ++i) wire[random() % wire.size()] = static_cast<char>(random() % 256);
    HttpResponseReader reader{64};
    const std::size_t cut = random() % wire.size();
    State state = reader.feed(wire.substr(0, cut));
    if (state == State::Incomplete) state = reader.feed(wire.substr(cut));
    if (state == State::Incomplete) state = reader.end_of_stream();
    if (state == State::Complete) {
      EXPECT_LE(reader.take_body().size(), 64U);
      EXPECT_GE(reader.status(), 0);
    }
  }
}

}  // namespace
}  // namespace rm::net
