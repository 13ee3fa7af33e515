#include "integration/running_system.h"

#include <ctime>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "config/load.h"
#include "config/market_hours.h"
#include "config/trading_day_table.h"
#include "observe/log.h"
#include "runtime/system.h"

namespace rm::test {
namespace {

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error{result.error().message};
  return std::move(*result);
}

Config config_of(const std::string& text) {
  auto config = load_config_text(text, "test", {}, rule_registry());
  if (!config) throw std::runtime_error{config.error().front().text()};
  return std::move(*config);
}

std::vector<LoginToGuard> one_login(const Config& config) {
  std::vector<LoginToGuard> logins;
  logins.push_back(LoginToGuard{{}, config, Credentials{Secret{"paper"}, Secret{"paper-key"}}});
  return logins;
}

std::unique_ptr<Log> log_in(const std::filesystem::path& data_dir) {
  LogOptions options;
  options.dir = data_dir / "log";
  options.level = Level::Debug;
  options.format = LogFormat::Json;
  options.stderr_level = Level::Off;
  return must(Log::open(options));
}

TradingCalendar calendar_of(const Config& config) {
  using namespace std::chrono;
  const auto today =
      BrokerTime::from_nanos(duration_cast<nanoseconds>(system_clock::now().time_since_epoch()).count());
  return TradingCalendar{must(trading_day_resets(config.trading_day.timezone, config.trading_day.reset,
                                                 today - hours{24 * 30}, today + hours{24 * 30}))};
}

std::unique_ptr<Notifier> notifier_in(const std::filesystem::path& data_dir) {
  NotifierOptions options;
  options.dir = data_dir / "log";
  return must(Notifier::open(std::move(options)));
}

std::string_view rule_name(std::string_view name) {
  const RuleSpec* spec = find_rule(name);
  return spec ? spec->name : std::string_view{};
}

}  // namespace

struct RunningSystem::Impl {
  Impl(const std::string& yaml, const std::filesystem::path& data_dir)
      : config{config_of(yaml)},
        log{log_in(data_dir)},
        calendar{calendar_of(config)},
        store{must(Store::open(data_dir, contracts, rule_name, store_options()))},
        notifier{notifier_in(data_dir)},
        system{std::make_unique<System>(
            System::Parts{loop, logins, contracts, calendar, market_hours, *store, metrics, *notifier},
            [this](const std::string& sentence) { failure = sentence; })} {}

  StoreOptions store_options() {
    StoreOptions options;
    options.wake_loop = [this] {
      loop.post([this] {
        if (system) system->on_store_progress();
      });
    };
    return options;
  }

  Config config;
  std::unique_ptr<Log> log;
  std::vector<LoginToGuard> logins = one_login(config);
  TradingCalendar calendar;
  SessionTable market_hours = rm::market_hours(BrokerTime::from_seconds(std::time(nullptr))).value();
  net::Loop loop;
  ContractTable contracts;
  Metrics metrics;
  std::unique_ptr<Store> store;
  std::unique_ptr<Notifier> notifier;
  std::unique_ptr<System> system;
  std::string failure;
};

RunningSystem::RunningSystem(const PaperGatewayProcess& paper, const std::string& config,
                             const std::filesystem::path& data_dir)
    : impl_{std::make_unique<Impl>(config + paper.yaml(), data_dir)} {
  impl_->system->start();
}

RunningSystem::~RunningSystem() {
  impl_->system->stop();
  impl_->system.reset();
  impl_->store->close();
}

void RunningSystem::turn() {
  (void)impl_->loop.run_one_for(std::chrono::milliseconds{10});
}

bool RunningSystem::until_protecting() {
  return until([&] { return !impl_->failure.empty() || status().at("state") == "protecting"; }) &&
         impl_->failure.empty();
}

const Guardian& RunningSystem::guardian() const {
  return impl_->system->guardian();
}

const AccountBook& RunningSystem::book(std::int64_t account) const {
  const AccountBook* found = guardian().book().find(AccountId{account});
  if (!found) throw std::runtime_error{"the account is not watched"};
  return *found;
}

int RunningSystem::held(std::string_view contract, std::int64_t account) const {
  const auto id = impl_->contracts.find(contract);
  const Holding* holding = id ? book(account).holding(*id) : nullptr;
  return holding ? holding->size.value() : 0;
}

std::int64_t RunningSystem::net_cents(std::int64_t account) const {
  return book(account).day().result().net().nanos() / 10'000'000;
}

BrokerTime RunningSystem::now() const {
  return impl_->system->now();
}

bool RunningSystem::locked(std::int64_t account) const {
  return book(account).locks().account_hard_lock() != nullptr;
}

std::size_t RunningSystem::verified() const {
  return impl_->system->recorder().receipts().size();
}

Json RunningSystem::status() const {
  return Json::parse(impl_->system->status());
}

std::string RunningSystem::metrics() const {
  return impl_->metrics.exposition();
}

std::string RunningSystem::start_failure() const {
  return impl_->failure;
}

bool RunningSystem::write_out() {
  return impl_->store->flush(kGenerous);
}

}  // namespace rm::test
