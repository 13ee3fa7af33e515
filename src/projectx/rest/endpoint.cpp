#include "projectx/rest/endpoint.h"

#include <array>

namespace rm::projectx {
namespace {

constexpr auto kYes = Outcome::Accepted;
constexpr auto kNo = Outcome::Refused;
constexpr auto kMaybe = Outcome::Ambiguous;  // the order may be on its way, or nobody knows

constexpr auto kLogin = std::to_array<ErrorNumber>({{0, "Success", kYes},
                                                    {1, "UserNotFound", kNo},
                                                    {2, "PasswordVerificationFailed", kNo},
                                                    {3, "InvalidCredentials", kNo},
                                                    {4, "AppNotFound", kNo},
                                                    {5, "AppVerificationFailed", kNo},
                                                    {6, "InvalidDevice", kNo},
                                                    {7, "AgreementsNotSigned", kNo},
                                                    {8, "UnknownError", kNo},
                                                    {9, "ApiSubscriptionNotFound", kNo},
                                                    {10, "ApiKeyAuthenticationDisabled", kNo}});
constexpr auto kValidate = std::to_array<ErrorNumber>({{0, "Success", kYes},
                                                       {1, "InvalidSession", kNo},
                                                       {2, "SessionNotFound", kNo},
                                                       {3, "ExpiredToken", kNo},
                                                       {4, "UnknownError", kNo}});
constexpr auto kSuccessOnly = std::to_array<ErrorNumber>({{0, "Success", kYes}});
constexpr auto kContractById = std::to_array<ErrorNumber>({{0, "Success", kYes}, {1, "ContractNotFound", kNo}});
constexpr auto kPlace = std::to_array<ErrorNumber>({{0, "Success", kYes},
                                                    {1, "AccountNotFound", kNo},
                                                    {2, "OrderRejected", kNo},
                                                    {3, "InsufficientFunds", kNo},
                                                    {4, "AccountViolation", kNo},
                                                    {5, "OutsideTradingHours", kNo},
                                                    {6, "OrderPending", kMaybe},
                                                    {7, "UnknownError", kMaybe},
                                                    {8, "ContractNotFound", kNo},
                                                    {9, "ContractNotActive", kNo},
                                                    {10, "AccountRejected", kNo}});
constexpr auto kModify = std::to_array<ErrorNumber>({{0, "Success", kYes},
                                                     {1, "AccountNotFound", kNo},
                                                     {2, "OrderNotFound", kNo},
                                                     {3, "Rejected", kNo},
                                                     {4, "Pending", kMaybe},
                                                     {5, "UnknownError", kMaybe},
                                                     {6, "AccountRejected", kNo},
                                                     {7, "ContractNotFound", kNo}});
constexpr auto kCancel = std::to_array<ErrorNumber>({{0, "Success", kYes},
                                                     {1, "AccountNotFound", kNo},
                                                     {2, "OrderNotFound", kNo},
                                                     {3, "Rejected", kNo},
                                                     {4, "Pending", kMaybe},
                                                     {5, "UnknownError", kMaybe},
                                                     {6, "AccountRejected", kNo}});
constexpr auto kClose = std::to_array<ErrorNumber>({{0, "Success", kYes},
                                                    {1, "AccountNotFound", kNo},
                                                    {2, "PositionNotFound", kNo},
                                                    {3, "ContractNotFound", kNo},
                                                    {4, "ContractNotActive", kNo},
                                                    {5, "OrderRejected", kNo},
                                                    {6, "OrderPending", kMaybe},
                                                    {7, "UnknownError", kMaybe},
                                                    {8, "AccountRejected", kNo}});
constexpr auto kPartialClose = std::to_array<ErrorNumber>({{0, "Success", kYes},
                                                           {1, "AccountNotFound", kNo},
                                                           {2, "PositionNotFound", kNo},
                                                           {3, "ContractNotFound", kNo},
                                                           {4, "ContractNotActive", kNo},
                                                           {5, "InvalidCloseSize", kNo},
                                                           {6, "OrderRejected", kNo},
                                                           {7, "OrderPending", kMaybe},
                                                           {8, "UnknownError", kMaybe},
                                                           {9, "AccountRejected", kNo}});
constexpr auto kSearch = std::to_array<ErrorNumber>({{0, "Success", kYes}, {1, "AccountNotFound", kNo}});

constexpr std::array<EndpointInfo, kEndpointCount> kEndpoints{{
    {Endpoint::Login, "/api/Auth/loginKey", false, kLogin},
    {Endpoint::Validate, "/api/Auth/validate", false, kValidate},
    {Endpoint::AccountSearch, "/api/Account/search", false, kSuccessOnly},
    {Endpoint::ContractAvailable, "/api/Contract/available", false, kSuccessOnly},
    {Endpoint::ContractSearch, "/api/Contract/search", false, kSuccessOnly},
    {Endpoint::ContractSearchById, "/api/Contract/searchById", false, kContractById},
    {Endpoint::OrderPlace, "/api/Order/place", true, kPlace},
    {Endpoint::OrderModify, "/api/Order/modify", true, kModify},
    {Endpoint::OrderCancel, "/api/Order/cancel", true, kCancel},
    {Endpoint::OrderSearch, "/api/Order/search", false, kSearch},
    {Endpoint::OrderSearchOpen, "/api/Order/searchOpen", false, kSearch},
    {Endpoint::OrderQuery, "/api/Order/v2/query", false, kSearch},
    {Endpoint::PositionSearchOpen, "/api/Position/searchOpen", false, kSearch},
    {Endpoint::CloseContract, "/api/Position/closeContract", true, kClose},
    {Endpoint::PartialCloseContract, "/api/Position/partialCloseContract", true, kPartialClose},
    {Endpoint::TradeSearch, "/api/Trade/search", false, kSearch},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kEndpoints.size(); ++i) {
    if (kEndpoints[i].endpoint != static_cast<Endpoint>(i)) return false;
  }
  return true;
}
static_assert(in_order());

const ErrorNumber* find(Endpoint endpoint, int code) {
  for (const ErrorNumber& number : info_of(endpoint).codes) {
    if (number.code == code) return &number;
  }
  return nullptr;
}

}  // namespace

const EndpointInfo& info_of(Endpoint endpoint) {
  return kEndpoints[static_cast<std::size_t>(endpoint)];
}

Outcome outcome_of(Endpoint endpoint, int code) {
  if (const ErrorNumber* known = find(endpoint, code)) return known->outcome;
  return info_of(endpoint).mutation ? Outcome::Ambiguous : Outcome::Refused;
}

std::string_view error_name(Endpoint endpoint, int code) {
  const ErrorNumber* known = find(endpoint, code);
  return known == nullptr ? "unknown code" : known->name;
}

}  // namespace rm::projectx
