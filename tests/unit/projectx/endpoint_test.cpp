#include "projectx/rest/endpoint.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace rm::projectx {
namespace {

// Written down a second time, from the gateway's published tables: code -> name, '?' in front of those that may have
// been executed.
const std::map<Endpoint, std::vector<std::string>> kTables{
    {Endpoint::Login,
     {"Success", "UserNotFound", "PasswordVerificationFailed", "InvalidCredentials", "AppNotFound",
      "AppVerificationFailed", "InvalidDevice", "AgreementsNotSigned", "UnknownError", "ApiSubscriptionNotFound",
      "ApiKeyAuthenticationDisabled"}},
    {Endpoint::Validate, {"Success", "InvalidSession", "SessionNotFound", "ExpiredToken", "UnknownError"}},
    {Endpoint::AccountSearch, {"Success"}},
    {Endpoint::ContractAvailable, {"Success"}},
    {Endpoint::ContractSearch, {"Success"}},
    {Endpoint::ContractSearchById, {"Success", "ContractNotFound"}},
    {Endpoint::OrderPlace,
     {"Success", "AccountNotFound", "OrderRejected", "InsufficientFunds", "AccountViolation", "OutsideTradingHours",
      "?OrderPending", "?UnknownError", "ContractNotFound", "ContractNotActive", "AccountRejected"}},
    {Endpoint::OrderModify,
     {"Success", "AccountNotFound", "OrderNotFound", "Rejected", "?Pending", "?UnknownError", "AccountRejected",
      "ContractNotFound"}},
    {Endpoint::OrderCancel,
     {"Success", "AccountNotFound", "OrderNotFound", "Rejected", "?Pending", "?UnknownError", "AccountRejected"}},
    {Endpoint::CloseContract,
     {"Success", "AccountNotFound", "PositionNotFound", "ContractNotFound", "ContractNotActive", "OrderRejected",
      "?OrderPending", "?UnknownError", "AccountRejected"}},
    {Endpoint::PartialCloseContract,
     {"Success", "AccountNotFound", "PositionNotFound", "ContractNotFound", "ContractNotActive", "InvalidCloseSize",
      "OrderRejected", "?OrderPending", "?UnknownError", "AccountRejected"}},
    {Endpoint::OrderSearch, {"Success", "AccountNotFound"}},
    {Endpoint::OrderSearchOpen, {"Success", "AccountNotFound"}},
    {Endpoint::OrderQuery, {"Success", "AccountNotFound"}},
    {Endpoint::PositionSearchOpen, {"Success", "AccountNotFound"}},
    {Endpoint::TradeSearch, {"Success", "AccountNotFound"}},
};

TEST(Endpoint, EveryErrorNumberOfEveryEndpoint) {
  ASSERT_EQ(kTables.size(), kEndpointCount);
  for (const auto& [endpoint, names] : kTables) {
    SCOPED_TRACE(info_of(endpoint).path);
    ASSERT_EQ(info_of(endpoint).codes.size(), names.size());
    for (int code = 0; code < static_cast<int>(names.size()); ++code) {
      std::string_view name = names[static_cast<std::size_t>(code)];
      const bool maybe = name.starts_with('?');
      if (maybe) name.remove_prefix(1);
      EXPECT_EQ(error_name(endpoint, code), name);
      EXPECT_EQ(outcome_of(endpoint, code), code == 0 ? Outcome::Accepted
                                            : maybe   ? Outcome::Ambiguous
                                                      : Outcome::Refused)
          << name;
    }
    const int beyond = static_cast<int>(names.size());
    for (const int unknown : {beyond, 99, -1}) {
      EXPECT_EQ(outcome_of(endpoint, unknown), info_of(endpoint).mutation ? Outcome::Ambiguous : Outcome::Refused);
      EXPECT_EQ(error_name(endpoint, unknown), "unknown code");
    }
  }
}

TEST(Endpoint, PathsAreTheGatewaysAndMutationsAreMarked) {
  const std::map<Endpoint, std::string> paths{{Endpoint::Login, "/api/Auth/loginKey"},
                                              {Endpoint::Validate, "/api/Auth/validate"},
                                              {Endpoint::AccountSearch, "/api/Account/search"},
                                              {Endpoint::ContractAvailable, "/api/Contract/available"},
                                              {Endpoint::ContractSearch, "/api/Contract/search"},
                                              {Endpoint::ContractSearchById, "/api/Contract/searchById"},
                                              {Endpoint::OrderPlace, "/api/Order/place"},
                                              {Endpoint::OrderModify, "/api/Order/modify"},
                                              {Endpoint::OrderCancel, "/api/Order/cancel"},
                                              {Endpoint::OrderSearch, "/api/Order/search"},
                                              {Endpoint::OrderSearchOpen, "/api/Order/searchOpen"},
                                              {Endpoint::OrderQuery, "/api/Order/v2/query"},
                                              {Endpoint::PositionSearchOpen, "/api/Position/searchOpen"},
                                              {Endpoint::CloseContract, "/api/Position/closeContract"},
                                              {Endpoint::PartialCloseContract, "/api/Position/partialCloseContract"},
                                              {Endpoint::TradeSearch, "/api/Trade/search"}};
  const std::set<Endpoint> mutations{Endpoint::OrderPlace, Endpoint::OrderModify, Endpoint::OrderCancel,
                                     Endpoint::CloseContract, Endpoint::PartialCloseContract};
  for (const auto& [endpoint, path] : paths) {
    EXPECT_EQ(info_of(endpoint).path, path);
    EXPECT_EQ(info_of(endpoint).mutation, mutations.contains(endpoint)) << path;
  }
}

}  // namespace
}  // namespace rm::projectx
