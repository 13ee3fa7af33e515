#include "store/describe.h"

#include <nlohmann/json.hpp>

namespace rm {
namespace {

using Json = nlohmann::ordered_json;

// Broker's words may hold any bytes: those that are not UTF-8 are replaced.
std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string contract_text(ContractId id, const ContractTable& contracts) {
  return contracts.contains(id) ? contracts.at(id).broker_id : "contract #" + std::to_string(id.value());
}

Json reason_json(const Reason& reason, const ContractTable& contracts) {
  return {{"code", code(reason)}, {"sentence", sentence_of(reason, contracts)}};
}

// Between two monotonic stamps; null when one of them is missing.
Json microseconds(std::int64_t from_ns, std::int64_t to_ns) {
  return from_ns == 0 || to_ns == 0 ? Json(nullptr) : Json((to_ns - from_ns) / 1000);
}

Json step_json(const ReceiptStep& step) {
  return {{"request", step.request.value()},
          {"what", step.what},
          {"subject", step.subject},
          {"outcome", name_of(step.outcome)},
          {"error_code", step.error_code},
          {"text", step.text},
          {"requested_at", format_timestamp(step.requested_at)},
          {"answered_at", format_timestamp(step.answered_at)},
          {"answer_us", microseconds(step.sent_ns, step.answered_ns)}};
}

}  // namespace

std::string sentence_of(const Reason& reason, const ContractTable& contracts) {
  const auto contract = contract_of(reason);
  return sentence(reason, contract ? contract_text(*contract, contracts) : std::string{});
}

std::string subject_of(const BrokerAsk& ask, const ContractTable& contracts) {
  return std::visit(
      [&](const auto& a) -> std::string {
        if constexpr (requires { a.contract; })
          return contract_text(a.contract, contracts);
        else if constexpr (requires { a.order; })
          return std::to_string(a.order.value());
        else
          return {};
      },
      ask);
}

std::string receipt_json(const Receipt& receipt, const ContractTable& contracts) {
  Json reasons = Json::array(), steps = Json::array(), rules = Json::array();
  for (const auto rule : receipt.rules) rules.push_back(rule);
  for (const Reason& reason : receipt.reasons) reasons.push_back(reason_json(reason, contracts));
  for (const ReceiptStep& step : receipt.steps) steps.push_back(step_json(step));
  return dump({{"enforcement", receipt.enforcement.value()},
               {"account", receipt.account.value()},
               {"rules", rules},
               {"reasons", reasons},
               {"decided_at", format_timestamp(receipt.decided_at)},
               {"verified_at", format_timestamp(receipt.verified_at)},
               {"trigger_to_sent_us", microseconds(receipt.received_ns, receipt.first_sent_ns)},
               {"trigger_to_verified_us", microseconds(receipt.received_ns, receipt.verified_ns)},
               {"attempts", receipt.attempts},
               {"steps", steps}});
}

std::string rules_json(const Decision& decision) {
  Json rules = Json::array();
  for (const Violation& violation : decision.violations) rules.push_back(violation.rule);
  return dump(rules);
}

std::string reasons_json(const Decision& decision, const ContractTable& contracts) {
  Json reasons = Json::array();
  for (const Violation& violation : decision.violations) reasons.push_back(reason_json(violation.reason, contracts));
  return dump(reasons);
}

std::string_view name_of(LockKind kind) {
  return kind == LockKind::Hard ? "hard" : "entry";
}

}  // namespace rm
