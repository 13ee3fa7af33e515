#include "runtime/start.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <stdexcept>

#include "config/load.h"
#include "config/logins.h"
#include "config/market_hours.h"
#include "control/paths.h"
#include "net/unix_server.h"
#include "observe/log.h"
#include "runtime/config_reload.h"
#include "runtime/journal_check.h"
#include "runtime/kept_config.h"
#include "runtime/live_view.h"
#include "runtime/log_options.h"
#include "runtime/paper_process.h"
#include "runtime/system.h"

namespace rm {
namespace {

constexpr int kExitOk = 0, kExitFailed = 1, kExitInvalidConfig = 2;
// `start --paper` without a configuration: the two rules of the demo.
constexpr std::string_view kDemoConfig =
    "rules: {daily_loss: {enabled: true, max_loss: -1000.0}, max_contracts: {enabled: true, max_contracts: 5}}\n";

constexpr std::string_view kInsteadAtStart =
    "started with the last good one, kept in the data directory, because a lock or an unfinished enforcement waits "
    "there";

int say(int exit_code, std::string_view sentence) {
  fmt::print(stderr, "risk-manager: {}\n", sentence);
  return exit_code;
}

Credentials credentials_of(const Login& login, Environment env, bool paper) {
  if (paper) return Credentials{Secret{PaperProcess::kUser}, Secret{PaperProcess::kApiKey}};
  auto found = load_credentials(env, login.config.credentials_file, login.name);
  if (!found) throw std::runtime_error{found.error().message};
  return std::move(*found);
}

// The gateway ends the older of two streams of one user: two logins of his would push each other out for ever.
void refuse_same_user(const std::vector<LoginToGuard>& before, const LoginToGuard& login) {
  for (const LoginToGuard& other : before) {
    if (other.config.gateway.api_url == login.config.gateway.api_url &&
        other.credentials.username.reveal() == login.credentials.username.reveal())
      throw std::runtime_error{fmt::format(
          "the logins '{}' and '{}' are the same user at {}: allowed is one login with the accounts of both",
          other.name, login.name, login.config.gateway.api_url)};
  }
}

std::vector<LoginToGuard> logins_to_guard(std::vector<Login> logins, Environment env, bool paper) {
  std::vector<LoginToGuard> out;
  for (Login& login : logins) {
    Credentials credentials = credentials_of(login, env, paper);
    LoginToGuard ready{std::move(login.name), std::move(login.config), std::move(credentials)};
    refuse_same_user(out, ready);
    out.push_back(std::move(ready));
  }
  return out;
}

std::string_view rule_name(std::string_view name) {
  const RuleSpec* spec = find_rule(name);
  return spec ? spec->name : std::string_view{};
}

template <class T>
T open_or_throw(Result<T> result) {
  if (!result) throw std::runtime_error{result.error().message};
  return std::move(*result);
}

SessionTable market_hours_of_today() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  auto hours = market_hours(BrokerTime::from_nanos(std::chrono::duration_cast<Duration>(now).count()));
  if (!hours) throw std::runtime_error{hours.error().message};
  return std::move(*hours);
}

// Whatever the file says: the paper gateway has one login.
void on_paper(Config& config, const GatewayConfig& paper) {
  config.gateway = paper;
  config.logins.clear();
}

// Everything that lives as long as the process, in the order in which it is made.
class Daemon {
 public:
  // `refused`: why the file is not what it starts with; empty: it is.
  Daemon(const StartOptions& options, std::vector<Login> logins, const Problems& refused, Environment env)
      : config_{logins.front().config},
        data_dir_{data_dir_or_default(options.data_dir)},
        logins_{logins_to_guard(std::move(logins), env, options.paper)},
        calendar_{calendar_of(config_.trading_day)},
        market_hours_{market_hours_of_today()},
        config_file_{options.config_file},
        paper_{options.paper},
        environment_{env} {
    open_store();  // takes the data directory for this process before anything is written to its log
    log_ = open_or_throw(Log::open(log_options(config_.log, data_dir_, options.live)));
    for (const LoginToGuard& login : logins_) redact(login.credentials.api_key.reveal());
    checkpoint("service_started", fmt::format("risk-manager {} started, process {}", RM_VERSION, getpid()),
               {{"version", RM_VERSION}, {"pid", getpid()}});
    std::size_t enabled = 0;
    for (const RuleConfig& rule : config_.rules) enabled += rule.enabled ? 1U : 0U;
    checkpoint("config_loaded", fmt::format("configuration loaded, {} rules enabled", enabled),
               {{"rules", enabled}, {"file", options.config_file}});
    for (const std::string& warning : config_.warnings) log(Level::Warning, "config_warning", warning);
    checkpoint("database_open", fmt::format("database open, schema version {}", store_->schema_version()),
               {{"schema", store_->schema_version()}});
    say_chain();
    open_notifier();
    read_kept_config();
    system_ = std::make_unique<System>(System::Parts{loop_, logins_, contracts_, calendar_, market_hours_, *store_,
                                                     metrics_, *notifier_, config_file_, std::move(kept_)},
                                       [this](const std::string& sentence) { fail_with(sentence); });
    if (!refused.empty()) system_->refuse_config(refused, kInsteadAtStart);
    if (options.live) view_ = std::make_unique<LiveView>(loop_, *system_, stdout);
    control_ = std::make_unique<net::UnixServer>(loop_, control_socket(data_dir_),
                                                 [this](std::string_view line) { return answer(line); });
  }

  // Until a signal, or a failure: its sentence.
  std::optional<std::string> run() {
    loop_.on_signal({SIGTERM, SIGINT}, [this](int signal) {
      log(Level::Info, "stopping", fmt::format("signal {} received, shutting down", signal));
      loop_.stop();
    });
    watch_config();
    checkpoint("event_loop_running", "event loop running");
    system_->start();
    check_journal();
    loop_.run();
    return shut_down();
  }

 private:
  void open_store() {
    StoreOptions options;
    options.keep_segments = config_.journal.files_of(options.segment_bytes);
    options.wake_loop = [this] {
      loop_.post([this] {
        if (system_) system_->on_store_progress();
        if (const auto head = store_->take_head()) say_head(*head);
      });
    };
    store_ = open_or_throw(Store::open(data_dir_, contracts_, rule_name, options));
  }

  // A head that is kept elsewhere shows later that nothing before it was changed.
  static void say_head(const ChainTip& head) {
    if (head.sequence == 0) return;  // nothing was recorded
    log(Level::Info, "journal_head", "the journal's chain is at " + text_of(head),
        {{"sequence", head.sequence}, {"segment", head.segment}, {"head", text_of(head)}});
  }

  void say_chain() {
    const Recovered& known = store_->recovered();
    if (!known.chain.empty()) log(known.chain_fits ? Level::Warning : Level::Error, "journal_chain", known.chain);
    say_head(store_->chain_tip());
  }

  // What the opening did not see: it reads no more of the journal than it needs.
  void check_journal() {
    if (!store_->recovered().chain_fits) return;  // has been said
    journal_check_ = std::make_unique<JournalCheck>(loop_, data_dir_, [this](const std::string& sentence) {
      log(Level::Error, "journal_chain", sentence);
      store_->record_note("journal_chain", sentence, {});
    });
  }

  void read_kept_config() {
    auto kept = kept_configs(store_->recovered());
    if (kept) {
      kept_ = std::move(*kept);
    } else {
      log(Level::Error, "config_not_kept",
          "what was in force before this start cannot be read, the configuration counts as it is: " +
              kept.error().message);
    }
  }

  // From now on the end of a terminal does not end the guarding: SIGHUP means "read the configuration again".
  void watch_config() {
    if (!config_file_.empty()) {
      reload_ = std::make_unique<ConfigReload>(loop_, config_file_, environment_,
                                               [this](ConfigReload::Loaded loaded) { take(std::move(loaded)); });
    }
    loop_.on_signal({SIGHUP}, [this](int) {
      log(Level::Info, "config_read",
          reload_ ? "SIGHUP: the configuration is read again"
                  : "SIGHUP: there is no configuration file to read again");
      if (reload_) reload_->now();
    });
  }

  void take(ConfigReload::Loaded loaded) {
    if (!loaded) return system_->refuse_config(loaded.error(), "the one in force stays");
    if (paper_) on_paper(*loaded, config_.gateway);
    system_->reload(*loaded);
  }

  void open_notifier() {
    NotifierOptions notify;
    notify.dir = log_dir(config_.log, data_dir_);
    notify.command = config_.notify.command;
    notify.record = [this](const Notice& notice) {
      store_->record_notification(NotificationRow{notice.at, notice.account, notice.enforcement,
                                                  std::string{name_of(notice.kind)}, notice.rule, notice.sentence});
    };
    notifier_ = open_or_throw(Notifier::open(std::move(notify)));
  }

  void fail_with(const std::string& sentence) {
    log(Level::Error, "start_failed", sentence);
    failure_ = sentence;
    loop_.stop();
  }

  std::string answer(std::string_view line) {
    if (line == "status") return system_->status();
    if (line == "metrics") return metrics_.exposition();
    return R"({"error":"unknown request, allowed are: status, metrics"})";
  }

  std::optional<std::string> shut_down() {
    journal_check_.reset();
    control_.reset();
    reload_.reset();
    system_->stop();
    view_.reset();
    system_.reset();
    notifier_.reset();
    store_->close();
    say_head(store_->chain_tip());
    log(Level::Info, "stopped", failure_ ? "stopped after a failure" : "stopped in order");
    return failure_;
  }

  Config config_;  // what is not of one login
  std::filesystem::path data_dir_;
  std::vector<LoginToGuard> logins_;
  TradingCalendar calendar_;
  SessionTable market_hours_;
  std::string config_file_;
  bool paper_;
  Environment environment_;
  std::vector<KeptConfig> kept_;
  net::Loop loop_;
  ContractTable contracts_;
  Metrics metrics_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Log> log_;
  std::unique_ptr<Notifier> notifier_;
  std::unique_ptr<System> system_;
  std::unique_ptr<JournalCheck> journal_check_;
  std::unique_ptr<LiveView> view_;
  std::unique_ptr<net::UnixServer> control_;
  std::unique_ptr<ConfigReload> reload_;
  std::optional<std::string> failure_;
};

// A file that is gone or broken must not be a way out of a lock. Empty when nothing waits in the data directory, or
// nothing can be read there.
std::vector<Login> last_good_config(const std::filesystem::path& data_dir) {
  std::error_code ignored;
  if (!std::filesystem::exists(data_dir / "risk-manager.db", ignored)) return {};
  ContractTable contracts;
  const auto store = Store::open(data_dir, contracts, rule_name);
  if (!store) return {};
  const Recovered& recovered = (*store)->recovered();
  if (recovered.locks.empty() && recovered.enforcements.empty()) return {};
  auto kept = kept_configs(recovered);
  std::vector<Login> logins;
  if (!kept) return logins;
  for (KeptConfig& one : *kept) logins.push_back(Login{std::move(one.login), std::move(one.config)});
  return logins;
}

}  // namespace

int run_start(const StartOptions& options) {
  umask(077);  // data, logs and socket are their owner's alone
  // A core dump would hold the key and the token.
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  signal(SIGPIPE, SIG_IGN);
  if (options.config_file.empty() && !options.paper)  // the demo's rules have no business on a live gateway
    return say(kExitInvalidConfig, "start needs --config FILE (or --paper to try it without a broker)");
  const Environment env = process_environment();
  auto config = options.config_file.empty() ? load_config_text(kDemoConfig, "demo", env, rule_registry())
                                            : load_config(options.config_file, env, rule_registry());
  Problems refused;
  std::vector<Login> logins;
  if (!config) {
    refused = config.error();
    for (const Problem& problem : refused) fmt::print(stderr, "{}\n", problem.text());
    logins = last_good_config(data_dir_or_default(options.data_dir));
    if (logins.empty()) return say(kExitInvalidConfig, "the configuration is not valid, nothing was started");
    (void)say(kExitOk, fmt::format("the configuration is REFUSED, {}", kInsteadAtStart));
  }
  std::unique_ptr<PaperProcess> paper;
  try {
    if (options.paper) {
      paper = open_or_throw(PaperProcess::start(options.scenario));
      Config rehearsed = config ? std::move(*config) : std::move(logins.front().config);
      on_paper(rehearsed, GatewayConfig{paper->api_url(), paper->user_hub_url(), paper->market_hub_url(), {}});
      logins = logins_of(rehearsed);
    } else if (config) {
      logins = logins_of(*config);
    }
    std::optional<std::string> failure;
    {
      Daemon daemon{options, std::move(logins), refused, env};
      failure = daemon.run();
    }
    // After the last log line: the sentence is what a person sees last.
    return failure ? say(kExitFailed, *failure) : kExitOk;
  } catch (const std::exception& problem) {
    return say(kExitFailed, problem.what());
  }
}

}  // namespace rm
