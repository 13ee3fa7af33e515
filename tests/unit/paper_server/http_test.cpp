#include "paper_gateway/server/http.h"

#include "bench.h"

namespace paper {
namespace {

TEST(HttpRequest, TakesTheTargetApart) {
  const HttpRequest request{"GET", "/hubs/user?id=a%20b&access_token=x.y-z_&flag&id=second", {{"X-One", "1"}}, ""};
  EXPECT_EQ(request.path(), "/hubs/user");
  EXPECT_EQ(request.query("id"), "a b");
  EXPECT_EQ(request.query("access_token"), "x.y-z_");
  EXPECT_EQ(request.query("flag"), "");
  EXPECT_EQ(request.query("nothing"), std::nullopt);
  EXPECT_EQ(request.header("x-one"), "1");
  EXPECT_EQ(request.header("x-two"), std::nullopt);
}

TEST(HttpRequest, SurvivesBrokenTargets) {
  for (const auto* target : {"", "?", "/?&&&", "/?=", "/?a=%", "/?a=%4", "/?a=%zz", "/?%61=b"}) {
    const HttpRequest request{"GET", target, {}, ""};
    SCOPED_TRACE(target);
    request.query("a");
    EXPECT_EQ(request.query("zz"), std::nullopt);
  }
  EXPECT_EQ(percent_decoded("%4"), "%4");
  EXPECT_EQ(percent_decoded("%zz+%41"), "%zz A");
}

}  // namespace
}  // namespace paper
