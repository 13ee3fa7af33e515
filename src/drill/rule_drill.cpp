#include "drill/rule_drill.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "drill/ground.h"
#include "drill/patience.h"
#include "drill/scratch.h"
#include "drill/stage.h"
#include "rules/registry.h"

namespace rm::drill {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kGuardedWithin = 20s;  // the daemon has to be up
constexpr auto kSeenWithin = 10s;     // a step, between the daemon and the gateway
constexpr auto kEndsWithin = 10s;
// Where another rule acted first, and all is quiet again: then no more is to come.
constexpr auto kQuietAfter = 2s;
constexpr std::int64_t kMostLots = 1'000'000;  // of one position, in messages of the gateway

std::int64_t monotonic_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch()).count();
}

// Ends an attempt: why the rule could not be broken at all.
struct Impossible {
  std::string why;
};

template <class T>
T value(Result<T> result) {
  if (!result) throw Impossible{result.error().message};
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

std::int64_t most_lots(const Breach& breach) {
  std::int64_t held = 0, most = 0;
  for (const Breach::Step& step : breach.steps) {
    if (std::holds_alternative<Breach::Exit>(step)) held = 0;
    if (const auto* enter = std::get_if<Breach::Enter>(&step)) most = std::max(most, held += enter->lots.value());
  }
  return most;
}

std::vector<const RuleConfig*> others(const RuleTask& task) {
  std::vector<const RuleConfig*> list;
  std::ranges::copy_if(task.all, std::back_inserter(list), [&](const RuleConfig* rule) { return rule != task.rule; });
  return list;
}

// One rule against one gateway and one daemon.
class Attempt {
 public:
  Attempt(const DrillSetting& setting, const RuleTask& task, std::filesystem::path dir, bool alone,
          const std::atomic<bool>& stop)
      : setting_{setting},
        task_{task},
        dir_{std::move(dir)},
        alone_{alone},
        stop_{stop},
        account_{setting.accounts.at(task.account).id} {}

  void run(RuleResult& result) {
    set_up(result);
    for (std::size_t i = 0; i + 1 < breach_->steps.size(); ++i) {
      act(breach_->steps[i]);
      wait_until_seen();
    }
    break_it();
    result.judgement = watch();
    end(result);
  }

 private:
  void set_up(RuleResult& result) {
    std::error_code problem;
    std::filesystem::create_directories(dir_, problem);
    const auto scenario = dir_ / "scenario.yaml";
    if (problem) throw Impossible{dir_.string() + " cannot be made: " + problem.message()};
    value(write_text(scenario, scenario_text(setting_.accounts)));
    paper_ = value(
        Paper::start({setting_.programs.paper_gateway, dir_, scenario.string(), format_timestamp(task_.begin)}));
    market_.emplace(value(Market::of(*paper_)));
    const auto rest = alone_ ? std::vector<const RuleConfig*>{} : others(task_);
    const auto offered = preferred(market_->contracts(), market_->offered(), rest);
    auto breach =
        find_rule(task_.rule->rule)->breach(*task_.rule, {market_->contracts(), offered, value(paper_time(*paper_))});
    if (!breach) throw Impossible{"it cannot be broken with these values: " + breach.error()};
    breach_.emplace(std::move(*breach));
    if (const auto lots = most_lots(*breach_); lots > kMostLots)
      throw Impossible{fmt::format(
          "it cannot be broken with these values: a position of {} is more than a message of the gateway holds ({})",
          lots, kMostLots)};
    for (const auto& step : breach_->before) result.steps.push_back(text_of(step) + ", before the start");
    for (const auto& step : breach_->steps) result.steps.push_back(text_of(step));
    stage_.emplace(*paper_, *market_, account_, breach_->contract, setting_.config.valuation.mark, stop_);
    if (breach_->begin) go_to_begin();
    for (const auto& step : breach_->before) act(step);
    start_daemon();
  }

  // Nobody listens yet, so time alone is enough.
  void go_to_begin() {
    const Duration ahead = *breach_->begin - value(paper_time(*paper_));
    if (ahead <= Duration{}) return;
    value(paper_->post("/paper/time",
                       fmt::format(R"({{"advance_seconds":{}}})", Money::from_nanos(ahead.count()).text())));
  }

  void start_daemon() {
    const auto& config = setting_.config;
    const DaemonOptions options{setting_.programs.risk_manager,
                                alone_ ? with_rule_alone(config, task_.account, task_.rule->rule) : config, dir_,
                                paper_->url(), setting_.environment};
    step_ns_ = monotonic_ns();
    daemon_ = value(Daemon::start(options));
    const bool guarded = wait_until(
        [&] {
          if (daemon_->child().ended() || stop_) return true;
          const auto status = daemon_->status();
          return status && text(*status, "state") == "protecting";
        },
        kGuardedWithin);
    if (const auto& ended = daemon_->child().ended())
      throw Impossible{fmt::format("the daemon ended with {}: {}", ended->text(), daemon_->last_words())};
    if (!guarded)
      throw Impossible{fmt::format("the daemon does not guard the account after {} s", kGuardedWithin / 1s)};
  }

  void act(const Breach::Step& step) {
    if (stop_) throw Impossible{"the drill was stopped"};
    if (auto taken = stage_->take(step); !taken) throw Impossible{text_of(step) + ": " + taken.error().message};
  }

  // The price of what is held has to be followed before it moves.
  void wait_for_quotes() {
    (void)wait_until(
        [&] {
          const auto all = paper_->get("/paper/subscriptions");
          if (!all || stop_) return true;
          for (const Fields& stream : elements(*all, "connections")) {
            for (const Fields& one : elements(stream, "subscriptions")) {
              if (text(one, "topic") == "ContractQuotes" && text(one, "key") == contract()) return true;
            }
          }
          return false;
        },
        kSeenWithin);
  }

  [[nodiscard]] const std::string& contract() const { return market_->contracts().at(breach_->contract).broker_id; }

  void wait_until_seen() {
    (void)wait_until([&] { return stop_ || daemon_->child().ended() || seen(); }, kSeenWithin);
  }

  // The daemon shows what is true at the gateway, and nothing is under way.
  [[nodiscard]] bool seen() {
    const auto state = paper_->get(fmt::format("/paper/state?accountId={}", account_));
    const auto status = daemon_->status();
    return state && status && agree(*state, *status);
  }

  [[nodiscard]] Fields account_row(const Fields& status) const {
    for (Fields& row : elements(status, "accounts")) {
      if (text(row, "id") == std::to_string(account_)) return std::move(row);
    }
    return {};
  }

  [[nodiscard]] bool agree(const Fields& state, const Fields& status) const {
    const Fields row = account_row(status);
    std::map<std::string, std::int64_t> at_gateway, in_book;
    for (const Fields& p : elements(state, "positions"))
      at_gateway[text(p, "contractId")] = number(p, "size") * (text(p, "type") == "2" ? -1 : 1);
    for (const Fields& p : elements(row, "positions")) in_book[text(p, "contract")] = number(p, "size");
    const bool open = std::ranges::any_of(elements(row, "enforcements"),
                                          [](const Fields& e) { return text(e, "state") == "open"; });
    const auto day = parse_timestamp(text(row, "pnl.day_begin"));
    std::int64_t trades = 0;
    for (const Fields& trade : elements(state, "trades")) {
      const auto time = parse_timestamp(text(trade, "creationTimestamp"));
      trades += day && time && *time >= *day;
    }
    return at_gateway == in_book && !open && trades == number(row, "pnl.trades") &&
           elements(state, "workingOrders").size() == elements(row, "orders").size();
  }

  void break_it() {
    if (breach_->steps.empty()) {  // it is broken when the daemon first looks
      last_step_ = text_of(breach_->before.back()) + ", before the start";
      return;
    }
    const Breach::Step& step = breach_->steps.back();
    told_by_ = Stage::told_by(step);
    last_step_ = text_of(step);
    if (told_by_ == "GatewayQuote") wait_for_quotes();
    for (const Fields& row : elements(account_row(daemon_->status().value_or(Fields{})), "rules")) {
      if (text(row, "name") == task_.rule->rule) evaluations_ = number(row, "evaluations");
    }
    step_ns_ = monotonic_ns();
    act(step);
  }

  [[nodiscard]] Expected expected() const {
    return {.rule = std::string{task_.rule->rule},
            .account = account_,
            .contract = contract(),
            .reason = std::string{breach_->reason},
            .action = breach_->action,
            .lock = breach_->lock,
            .last_step = last_step_,
            .told_by = told_by_,
            .step_ns = step_ns_,
            .most_lots = stage_->most_lots(),
            .order = stage_->order(),
            .stop_price = stage_->stop_price(),
            .evaluations = evaluations_};
  }

  // Looks again and again until every link is proven, or patience ends.
  [[nodiscard]] Judgement watch() {
    Judgement judgement;
    const Expected wanted = expected();
    const auto from = Clock::now();
    (void)wait_until(
        [&] {
          judgement = judge(collect(*paper_, *daemon_, account_), wanted);
          if (judgement.proven() || stop_ || daemon_->child().ended()) return true;
          return !judgement.earlier.empty() && Clock::now() - from > kQuietAfter && seen();
        },
        setting_.patience);
    if (stop_) throw Impossible{"the drill was stopped"};
    return judgement;
  }

  void end(RuleResult& result) {
    const auto ended = daemon_->child().stop(kEndsWithin);
    if (!ended || ended->exit_code != 0)
      result.problem = ended ? fmt::format("the daemon ended with {}: {}", ended->text(), daemon_->last_words())
                             : fmt::format("the daemon did not end within {} s of SIGTERM", kEndsWithin / 1s);
  }

  const DrillSetting& setting_;
  const RuleTask& task_;
  std::filesystem::path dir_;
  bool alone_;
  const std::atomic<bool>& stop_;
  std::int64_t account_;
  std::unique_ptr<Paper> paper_;
  std::optional<Market> market_;
  std::optional<Breach> breach_;
  std::optional<Stage> stage_;
  std::unique_ptr<Daemon> daemon_;
  std::string last_step_;
  std::string_view told_by_;
  std::int64_t step_ns_ = 0, evaluations_ = 0;
};

void attempt(const DrillSetting& setting, const RuleTask& task, const std::filesystem::path& dir, bool alone,
             const std::atomic<bool>& stop, RuleResult& result) {
  result.steps.clear();
  result.alone = alone;
  result.dir = dir;
  try {
    Attempt{setting, task, dir, alone, stop}.run(result);
  } catch (const Impossible& impossible) {
    result.problem = impossible.why;
  } catch (const std::exception& problem) {  // on a thread of its own, it would end everything
    result.problem = problem.what();
  }
}

// Another rule did what this one would have done, or closed what it was to be broken with. What tells of an event,
// and the record, no other rule takes away.
bool forestalled(const RuleResult& result) {
  constexpr std::size_t kRuleLink = 5, kVerificationLink = 12;
  const Judgement& judgement = result.judgement;
  const auto left = judgement.first_missing();
  if (!result.problem.empty() || !left || judgement.earlier.empty()) return false;
  return *left == 0 ? !judgement.links[kRuleLink].proven : *left >= kRuleLink && *left <= kVerificationLink;
}

}  // namespace

RuleResult drill_rule(const DrillSetting& setting, const RuleTask& task, const std::filesystem::path& dir,
                      const std::atomic<bool>& stop) {
  const auto began = Clock::now();
  RuleResult result;
  result.rule = task.rule->rule;
  result.account = std::to_string(setting.accounts.at(task.account).id);
  attempt(setting, task, dir / "all", false, stop, result);
  if (forestalled(result)) {
    result.note = fmt::format("with all rules in force {} acted first; shown with this rule alone",
                              fmt::join(result.judgement.earlier, ", "));
    attempt(setting, task, dir / "alone", true, stop, result);
  }
  result.took_ms = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began).count();
  return result;
}

}  // namespace rm::drill
