#include "projectx/rest/http_result.h"

#include <gtest/gtest.h>

namespace rm::projectx {
namespace {

constexpr Endpoint kMutations[] = {Endpoint::OrderPlace, Endpoint::OrderModify, Endpoint::OrderCancel,
                                   Endpoint::CloseContract, Endpoint::PartialCloseContract};
constexpr Endpoint kReads[] = {Endpoint::PositionSearchOpen, Endpoint::OrderQuery, Endpoint::OrderSearchOpen,
                               Endpoint::TradeSearch, Endpoint::AccountSearch};

Verdict verdict(Endpoint endpoint, int status, std::string_view body, bool maybe_sent = false,
                std::string_view failure = {}) {
  ReplyReader reader;
  HttpResult result;
  result.status = status;
  result.body = body;
  result.maybe_sent = maybe_sent;
  result.failure = failure;
  Verdict verdict = classify(endpoint, result, reader);
  verdict.envelope = {};  // points into the reader
  return verdict;
}

TEST(Classify, SuccessIsHttp200ThatSaysSo) {
  EXPECT_EQ(verdict(Endpoint::CloseContract, 200, R"({"success":true,"errorCode":0,"errorMessage":null})").outcome,
            Outcome::Accepted);
}

TEST(Classify, RefusalsComeWithHttp200) {
  const Verdict refused =
      verdict(Endpoint::OrderPlace, 200,
              R"({"orderId":5,"success":false,"errorCode":2,"errorMessage":"Not enough margin."})");
  EXPECT_EQ(refused.outcome, Outcome::Refused);
  EXPECT_EQ(refused.error_code, 2);
  EXPECT_EQ(refused.text, "OrderRejected: Not enough margin.");
  EXPECT_EQ(verdict(Endpoint::OrderCancel, 200, R"({"success":false,"errorCode":2,"errorMessage":null})").text,
            "OrderNotFound");
}

TEST(Classify, TheSameNumberMeansWhatItsEndpointSays) {
  const char* const five = R"({"success":false,"errorCode":5})";
  EXPECT_EQ(verdict(Endpoint::OrderCancel, 200, five).outcome, Outcome::Ambiguous);
  EXPECT_EQ(verdict(Endpoint::CloseContract, 200, five).outcome, Outcome::Refused);
  const char* const seven = R"({"success":false,"errorCode":7})";
  EXPECT_EQ(verdict(Endpoint::CloseContract, 200, seven).outcome, Outcome::Ambiguous);
  EXPECT_EQ(verdict(Endpoint::OrderModify, 200, seven).outcome, Outcome::Refused);
}

TEST(Classify, AContradictionIsNeverSuccess) {
  for (const char* body :
       {R"({"success":true,"errorCode":3})", R"({"success":false,"errorCode":0})", R"({"success":false})"}) {
    SCOPED_TRACE(body);
    for (const Endpoint endpoint : kMutations) EXPECT_EQ(verdict(endpoint, 200, body).outcome, Outcome::Ambiguous);
    for (const Endpoint endpoint : kReads) EXPECT_EQ(verdict(endpoint, 200, body).outcome, Outcome::Refused);
  }
}

TEST(Classify, ByStatus) {
  const struct {
    int status;
    Outcome mutation, read;
  } cases[] = {
      {400, Outcome::Refused, Outcome::Refused},           {401, Outcome::Unauthorised, Outcome::Unauthorised},
      {403, Outcome::Unauthorised, Outcome::Unauthorised}, {404, Outcome::Refused, Outcome::Refused},
      {408, Outcome::Ambiguous, Outcome::Refused},         {415, Outcome::Refused, Outcome::Refused},
      {429, Outcome::RateLimited, Outcome::RateLimited},   {500, Outcome::Ambiguous, Outcome::Refused},
      {502, Outcome::Ambiguous, Outcome::Refused},         {503, Outcome::Ambiguous, Outcome::Refused},
      {504, Outcome::Ambiguous, Outcome::Refused},         {302, Outcome::Ambiguous, Outcome::Refused},
      {204, Outcome::Ambiguous, Outcome::Refused}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.status);
    // A success body changes nothing: the status is not 200.
    for (const char* body : {"", "<html>maintenance</html>", R"({"success":true,"errorCode":0})"}) {
      for (const Endpoint endpoint : kMutations) EXPECT_EQ(verdict(endpoint, c.status, body).outcome, c.mutation);
      for (const Endpoint endpoint : kReads) EXPECT_EQ(verdict(endpoint, c.status, body).outcome, c.read);
    }
  }
}

TEST(Classify, AGarbled200IsInDoubt) {
  for (const char* body : {"", "<html></html>", "{", R"({"success":tru)", "[]", R"({"ok":true})"}) {
    SCOPED_TRACE(body);
    for (const Endpoint endpoint : kMutations) EXPECT_EQ(verdict(endpoint, 200, body).outcome, Outcome::Ambiguous);
    for (const Endpoint endpoint : kReads) EXPECT_EQ(verdict(endpoint, 200, body).outcome, Outcome::Refused);
  }
}

TEST(Classify, NoAnswerIsInDoubtOnlyIfSomethingLeft) {
  for (const Endpoint endpoint : kMutations) {
    EXPECT_EQ(verdict(endpoint, 0, "", false, "connection refused").outcome, Outcome::NotSent);
    const Verdict lost = verdict(endpoint, 0, "", true, "no answer from api.example in 10 s");
    EXPECT_EQ(lost.outcome, Outcome::Ambiguous);
    EXPECT_EQ(lost.text, "no answer from api.example in 10 s");
  }
}

TEST(CleanText, IsPrintableShortAndWithoutSecrets) {
  EXPECT_EQ(clean_text("plain words, 5%"), "plain words, 5%");
  EXPECT_EQ(clean_text("two\nlines\t\x01 \xc3\xa9 end\n"), "two lines end");
  EXPECT_EQ(clean_text("Bearer eyJhbGciOiJIUzI1NiJ9eyJleHAiOjE3ODg4MjU2MDB9c2lnc2lnc2lnc2lnc2lnc2lnc2ln is bad"),
            "Bearer [removed] is bad");
  EXPECT_LE(clean_text(std::string(10'000, 'a')).size(), 300U);
  std::string words;
  for (int i = 0; i < 1000; ++i) words += "word ";
  EXPECT_LE(clean_text(words).size(), 300U);
}

}  // namespace
}  // namespace rm::projectx
