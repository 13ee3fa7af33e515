#include "unit/drill/proven_record.h"

#include <algorithm>
#include <stdexcept>

namespace rm::drill {
namespace {

// The monotonic clock began at midnight.
constexpr std::int64_t kMidnight = 1'795'392'000'000'000'000;

constexpr std::string_view kLog = R"(
{"time":"2026-11-23T00:00:01.0001Z","event":"heard","message":"[{\"action\":0,\"data\":{\"id\":31,\"accountId\":7,\"contractId\":\"CON.MNQ\",\"creationTimestamp\":\"2026-11-23T14:30:01.5+00:00\",\"price\":29500.25,\"fees\":2.16,\"commissions\":1.5,\"side\":0,\"size\":6,\"orderId\":35}}]","hub":"user","target":"GatewayUserTrade"}
{"time":"2026-11-23T00:00:01.0002Z","event":"request","message":"partialCloseContract MNQU6 by 1","request":9,"account":7,"enforcement":1,"endpoint":"partialCloseContract"}
{"time":"2026-11-23T00:00:01.00021Z","event":"violation","message":"max_contracts: the account held 6 contracts, allowed are 5","rule":"max_contracts","violation":"SIZE_ABOVE_MAX","account":7,"enforcement":1}
{"time":"2026-11-23T00:00:01.00022Z","event":"decision","message":"reduce MNQU6 to 5","enforcement":1,"account":7,"trigger":"trade","trigger_sequence":4,"latency_us":120}
{"time":"2026-11-23T00:00:01.00024Z","event":"event","message":"trade buy 6 MNQU6 @ 29500.25","kind":"trade","account":7,"contract":"MNQU6","trade":31,"sequence":4,"replayed":false,"trade_time":"2026-11-23T14:30:01.5Z"}
{"time":"2026-11-23T00:00:01.0009Z","event":"answer","message":"partialCloseContract: accepted","request":9,"account":7,"enforcement":1,"endpoint":"partialCloseContract","outcome":"accepted"}
{"time":"2026-11-23T00:00:01.001Z","event":"event","message":"position","kind":"position","account":7,"sequence":5}
{"time":"2026-11-23T00:00:01.0017Z","event":"answer","message":"readPositions: accepted","request":10,"account":7,"enforcement":1,"endpoint":"readPositions","outcome":"accepted"}
{"time":"2026-11-23T00:00:01.1902Z","event":"answer","message":"readPositions: accepted","request":12,"account":7,"enforcement":1,"endpoint":"readPositions","outcome":"accepted"}
{"time":"2026-11-23T00:00:01.2Z","event":"checkpoint","message":"the broker shows the goal of max_contracts","checkpoint":"enforcement_verified","enforcement":1,"account":7,"rule":"max_contracts"}
)";

constexpr std::string_view kHub = R"(
{"seq":3,"monotonicNs":1000000000,"hub":"user","target":"GatewayUserTrade","record":"{\"type\":1,\"target\":\"GatewayUserTrade\",\"arguments\":[{\"action\":0,\"data\":{\"id\":31,\"accountId\":7,\"contractId\":\"CON.MNQ\",\"creationTimestamp\":\"2026-11-23T14:30:01.5+00:00\",\"price\":29500.25,\"fees\":2.16,\"commissions\":1.5,\"side\":0,\"size\":6,\"orderId\":35}}]}\u001e"}
)";

constexpr std::string_view kCalls = R"(
{"seq":5,"monotonicNs":1000500000,"answeredNs":1000600000,"path":"/api/Position/partialCloseContract","body":"{\"accountId\":7,\"contractId\":\"CON.MNQ\",\"size\":1}","status":200}
{"seq":6,"monotonicNs":1001500000,"answeredNs":1001600000,"path":"/api/Position/searchOpen","body":"{\"accountId\":7}","status":200,"response":"{\"positions\":[{\"contractId\":\"CON.MNQ\",\"size\":5}],\"success\":true}"}
{"seq":7,"monotonicNs":1190000000,"answeredNs":1190100000,"path":"/api/Position/searchOpen","body":"{\"accountId\":7}","status":200,"response":"{\"positions\":[{\"contractId\":\"CON.MNQ\",\"size\":5}],\"success\":true}"}
)";

constexpr std::string_view kNotices = R"(
{"kind":"violation","account":7,"enforcement":1,"rule":"max_contracts","sentence":"…"}
{"kind":"verified","account":7,"enforcement":1,"rule":"max_contracts","sentence":"…"}
)";

Fields& found(std::vector<Fields>& rows, std::string_view member, std::string_view value) {
  const auto at = std::ranges::find_if(rows, [&](const Fields& row) { return text(row, member) == value; });
  if (at == rows.end()) throw std::runtime_error{"no line with " + std::string{member}};
  return *at;
}

}  // namespace

ProvenRecord::ProvenRecord() {
  record.wall_ahead_ns = kMidnight;
  record.log = lines(kLog);
  record.hub_events = lines(kHub);
  record.calls = lines(kCalls);
  record.streams = lines(R"({"hub":"user","subscriptions":[{"topic":"Trades","key":"7"}]})");
  record.state = flatten(R"({"positions":[{"contractId":"CON.MNQ","type":1,"size":5}],"workingOrders":[]})");
  record.notifications = record.notices = lines(kNotices);
  record.status = flatten(
      R"({"gateway":{"refused_messages":0},"accounts":[{"id":7,"pnl":{"trades":2,"costs":"4.27"},"positions":[{"contract":"CON.MNQ","size":5}],"orders":[],"rules":[{"name":"max_contracts","evaluations":9},{"name":"daily_loss","evaluations":12}]}]})");
  record.metrics = {{"risk_manager_decisions_total{rule=\"max_contracts\"}", 1},
                    {"risk_manager_enforcements_verified_total", 1}};
  record.violations = lines(R"({"enforcement":1,"account":7,"rule":"max_contracts"})");
  record.enforcements = lines(
      R"({"id":1,"account":7,"rules":"[\"max_contracts\"]","state":"verified","receipt":"{\"trigger_to_sent_us\":131,\"trigger_to_verified_us\":206816}"})");
  record.requests =
      lines(R"({"id":9,"enforcement":1,"account":7,"endpoint":"partialCloseContract","outcome":"accepted"})");
  record.trades = lines(
      R"({"id":31,"account":7,"contract":"CON.MNQ","side":"buy","size":6,"price_nanos":29500250000000,"pnl_nanos":null,"fees_nanos":2160000000,"commissions_nanos":1500000000,"time_ns":1795444201500000000})");
  expected = {.rule = "max_contracts",
              .account = 7,
              .contract = "CON.MNQ",
              .reason = "SIZE_ABOVE_MAX",
              .action = Breach::Action::Reduce,
              .lock = std::nullopt,
              .last_step = "buy 6 at the market",
              .told_by = "GatewayUserTrade",
              .step_ns = 999'000'000,
              .most_lots = 6,
              .order = {},
              .stop_price = {},
              .evaluations = 1};
}

Fields& ProvenRecord::logged(std::string_view member, std::string_view value) {
  return found(record.log, member, value);
}

void ProvenRecord::drop_logged(std::string_view member, std::string_view value) {
  std::erase_if(record.log, [&](const Fields& row) { return text(row, member) == value; });
}

}  // namespace rm::drill
