#include "drill/smoke.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <ostream>
#include <stdexcept>

#include "config/load.h"
#include "domain/counted.h"
#include "drill/daemon.h"
#include "drill/interrupt.h"
#include "drill/paper_config.h"
#include "drill/patience.h"
#include "drill/scratch.h"

namespace rm::drill {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr int kExitOk = 0, kExitError = 1, kExitStalled = 2, kExitInvalidConfig = 2;
constexpr auto kEndsWithin = 10s;
constexpr std::string_view kSymbol = "MNQ";

// What has to be logged, in this order, and what is missing when it is not.
struct Link {
  std::string_view checkpoint, missing;
};
constexpr Link kStartLinks[] = {
    {"service_started", "the daemon logged nothing: the process runs, but its start does not come to the log"},
    {"config_loaded", "the configuration was not taken over"},
    {"database_open", "the database was not opened"},
    {"event_loop_running", "the event loop does not run"},
    {"gateway_connected", "the gateway did not answer the login and the question for the accounts"},
    {"self_test", "no rule was broken inside the program: nothing shows that one would act"},
    {"rules_initialised", "the rules were not put in place: the contracts were not read"},
    {"first_event_received", "the streams told nothing"},
};

// Ends the run with this exit code and sentence.
struct Verdict {
  int exit_code;
  std::string sentence;
};

template <class T>
T or_error(Result<T> result) {
  if (!result) throw Verdict{kExitError, result.error().message};
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

class Smoke {
 public:
  Smoke(const SmokeOptions& options, std::ostream& out, std::ostream& err)
      : options_{options}, out_{out}, err_{err}, began_{Clock::now()} {}

  void run() {
    stopped_ = &note_interrupts();
    const Programs programs = or_error(installed_programs());
    scratch_ = or_error(Scratch::make("smoke"));
    load();
    start_paper(programs);
    daemon_ = or_error(
        Daemon::start({programs.risk_manager, *config_, scratch_->path(), paper_->url(), options_.environment}));
    deadline_ = Clock::now() + options_.timeout;
    for (const Link& link : kStartLinks) pass(link.checkpoint, link.missing, [&] { return checkpoint(link); });
    pass("protecting", "the account was not read: it is not guarded", [&] { return protecting(); });
    fill();
    pass("first_fill", {}, [&] { return fill_heard(); });
    pass("rule_evaluated", "the rules were not evaluated", [&] { return checkpoint({"rule_evaluated", {}}); });
    stop();
  }

 private:
  using Seen = std::optional<std::string>;  // what was seen, for the line; nothing: not yet

  void say(std::string_view name, std::string_view what) {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began_).count();
    out_ << fmt::format("{:3}.{:03} s  {:<21} {}\n", ms / 1000, ms % 1000, name, what) << std::flush;
  }

  // Waits for one checkpoint. An empty `missing`: it has to be looked for.
  template <class Look>
  void pass(std::string_view name, std::string_view missing, Look look) {
    Seen seen;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - Clock::now());
    (void)wait_until([&] { return *stopped_ || (seen = look()).has_value() || daemon_->child().ended(); }, left);
    if (*stopped_) throw Verdict{kExitError, "stopped"};
    if (seen) return say(name, *seen);
    if (const auto& ended = daemon_->child().ended()) throw Verdict{kExitError, why_ended(*ended)};
    throw Verdict{kExitStalled, fmt::format("stalled at '{}' after {} s: {}", name, options_.timeout / 1s,
                                            missing.empty() ? why_no_fill() : std::string{missing})};
  }

  void load() {
    auto config = load_config(or_error(config_or_own(options_.config_file, scratch_->path())), options_.environment,
                              rule_registry());
    if (!config) {
      for (const Problem& problem : config.error()) err_ << problem.text() << '\n';
      throw Verdict{kExitInvalidConfig, "the configuration is not valid, nothing was started"};
    }
    config_ = on_paper(std::move(*config));
    if (!guards_something()) throw Verdict{kExitError, "no rule is enabled: nothing would be guarded"};
  }

  bool guards_something() const {
    return std::ranges::any_of(paper_accounts(*config_), [&](const PaperAccount& account) {
      return !config_->rules_for(AccountId{account.id}, account.name).empty();
    });
  }

  void start_paper(const Programs& programs) {
    std::string scenario = options_.scenario;
    if (scenario.empty()) {
      scenario = (scratch_->path() / "scenario.yaml").string();
      or_error(write_text(scenario, scenario_text(paper_accounts(*config_))));
    }
    paper_ = or_error(Paper::start({programs.paper_gateway, scratch_->path(), scenario, {}}));
    say("paper_gateway", "ready at " + paper_->url());
  }

  // The daemon writes behind its work; asked for its status it writes out.
  Seen checkpoint(const Link& link) {
    (void)daemon_->status();
    for (const Fields& line : daemon_->log()) {
      if (text(line, "checkpoint") == link.checkpoint) return text(line, "message");
    }
    return std::nullopt;
  }

  Seen protecting() {
    const auto status = daemon_->status();
    if (!status || text(*status, "state") != "protecting") return std::nullopt;
    account_ = text(*status, "accounts.0.id");
    const std::size_t guarded = elements(*status, "accounts").size();
    return fmt::format("{} {} guarded", counted(guarded, "account"), guarded == 1 ? "is" : "are");
  }

  void fill() {
    const auto done = paper_->post(
        "/paper/trade", fmt::format(R"({{"accountId":{},"symbol":"{}","side":"buy","size":1}})", account_, kSymbol));
    if (!done) throw Verdict{kExitError, done.error().message};
    order_ = text(*done, "orderId");
    say("order_filled",
        fmt::format("account {} buys 1 {} on the paper gateway, order {}", account_, kSymbol, order_));
  }

  // The fill of our order as the gateway told it, and the daemon's line of the same trade.
  Seen fill_heard() {
    (void)daemon_->status();
    for (const Fields& line : daemon_->log()) {
      if (text(line, "event") == "event" && text(line, "kind") == "trade" && text(line, "account") == account_ &&
          text(line, "replayed") == "false")
        return text(line, "message");
    }
    return std::nullopt;
  }

  std::string why_no_fill() {
    std::size_t told = 0, heard = 0;
    if (const auto events = paper_->get("/paper/events")) {
      for (const Fields& event : elements(*events, "events")) told += text(event, "target") == "GatewayUserTrade";
    }
    for (const Fields& line : daemon_->log())
      heard += text(line, "event") == "heard" && text(line, "target") == "GatewayUserTrade";
    if (told == 0)
      return fmt::format(
          "the paper gateway filled order {} and told no GatewayUserTrade: nobody is subscribed to the "
          "trades of account {}, or the gateway keeps silent (R1)",
          order_, account_);
    if (heard == 0) return "the gateway told the fill and the daemon did not hear it: the user hub is cut (R1 to R2)";
    return "the daemon heard the fill and made no event of it: it was refused, or lost behind the event bridge (R2 "
           "to R4)";
  }

  std::string why_ended(const Ended& ended) {
    err_ << daemon_->standard_error();  // it is removed with everything else
    return fmt::format("the daemon ended with {}: {}", ended.text(), daemon_->last_words());
  }

  void stop() {
    const auto ended = daemon_->child().stop(kEndsWithin);
    if (!ended)
      throw Verdict{kExitError, fmt::format("the daemon did not end within {} s of SIGTERM", kEndsWithin / 1s)};
    if (ended->exit_code != 0) throw Verdict{kExitError, why_ended(*ended)};
    say("stopped", "SIGTERM, exit code 0");
  }

  const SmokeOptions& options_;
  std::ostream &out_, &err_;
  const std::atomic<bool>* stopped_ = nullptr;
  Clock::time_point began_, deadline_;
  std::unique_ptr<Scratch> scratch_;  // goes last: the programs write there
  std::unique_ptr<Paper> paper_;
  std::unique_ptr<Daemon> daemon_;
  std::optional<Config> config_;
  std::string account_, order_;
};

}  // namespace

int run_smoke(const SmokeOptions& options, std::ostream& out, std::ostream& err) {
  try {
    Smoke{options, out, err}.run();
    out << "smoke: it works\n";
    return kExitOk;
  } catch (const Verdict& verdict) {
    err << "risk-manager: smoke: " << verdict.sentence << '\n';
    return verdict.exit_code;
  }
}

}  // namespace rm::drill
