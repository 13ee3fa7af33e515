#include "doctor/doctor.h"

#include <fmt/format.h>

#include <memory>
#include <optional>

#include "config/load.h"
#include "config/logins.h"
#include "control/paths.h"
#include "doctor/configuration.h"
#include "doctor/files.h"
#include "doctor/gateway.h"
#include "doctor/kept_state.h"
#include "doctor/running_daemon.h"
#include "runtime/paper_process.h"

namespace rm {
namespace {

// Starts the paper gateway and leads the configuration to it. Empty: it did not start, which has been said.
std::unique_ptr<PaperProcess> on_paper(Config& config, Examination& examination) {
  auto paper = PaperProcess::start({}, true);
  if (!paper) {
    examination.fail("gateway", paper.error().message, "build it: ./dev build leaves both programs in one folder");
    return nullptr;
  }
  config.gateway = GatewayConfig{(*paper)->api_url(), (*paper)->user_hub_url(), (*paper)->market_hub_url(), {}};
  return std::move(*paper);
}

void examine_broker(const DoctorOptions& options, Login login, Environment environment, const RunningDaemon& daemon,
                    Examination& examination) {
  std::unique_ptr<PaperProcess> paper;
  if (options.paper) {
    paper = on_paper(login.config, examination);
    if (!paper) return gateway_not_checked("there is no gateway", examination);
  }
  const auto credentials =
      paper ? Result<Credentials>{Credentials{Secret{PaperProcess::kUser}, Secret{PaperProcess::kApiKey}}}
            : load_credentials(environment, login.config.credentials_file, login.name);
  if (!credentials) return gateway_not_checked("there is no login", examination);
  examine_gateway({login.name, login.config, *credentials, daemon}, examination);
}

// The paper gateway has one login, whatever the file says.
std::vector<Login> logins_to_examine(const std::optional<Config>& config, bool paper) {
  if (!config) return {};
  if (!paper) return logins_of(*config);
  Config rehearsed = *config;
  rehearsed.logins.clear();
  return logins_of(rehearsed);
}

}  // namespace

void examine(const DoctorOptions& options, Environment environment, Examination& examination) {
  examination.ok("version", fmt::format("risk-manager {}", RM_VERSION));
  const auto data_dir = options.data_dir.empty() ? default_data_dir() : options.data_dir;
  const RunningDaemon daemon = find_daemon(data_dir);
  const std::string file = options.config_file.empty() && !options.paper ? daemon.config_file() : options.config_file;
  const std::optional<Config> config = examine_configuration(file, options.paper, environment, examination);
  const std::vector<Login> logins = logins_to_examine(config, options.paper);
  const std::string without = file.empty() ? "no configuration was named" : "the configuration is not valid";
  if (config) {
    for (const Login& login : logins) {
      examination.about(login.name);
      examine_credentials(login, options.paper, environment, examination);
    }
    examination.about({});
    examine_calendars(*config, examination);
    examine_notify_command(config->notify, examination);
  } else {
    examination.rest_not_checked({"credentials", "calendar"}, without);
  }
  examine_daemon(daemon, file, examination);
  examine_data_directory(data_dir, examination);
  examine_log(config ? config->log : LogConfig{}, data_dir, daemon, examination);
  examine_permissions(config ? &*config : nullptr, file, data_dir, examination);
  examine_kept_state(data_dir, daemon, examination);
  if (!config) return gateway_not_checked(without, examination);
  for (const Login& login : logins) {
    examination.about(login.name);
    examine_broker(options, login, environment, daemon, examination);
  }
}

}  // namespace rm
