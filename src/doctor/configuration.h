#pragma once
// Configuration, login and calendars: what is known before anything is connected.

#include <optional>
#include <string>

#include "config/config.h"
#include "config/environment.h"
#include "config/logins.h"
#include "doctor/examination.h"

namespace rm {

// "configuration". Empty: there is none that is valid. `file` empty is allowed with `paper` only.
[[nodiscard]] std::optional<Config> examine_configuration(const std::string& file, bool paper,
                                                          Environment environment, Examination& examination);
// "credentials": found, and open to their owner alone. No value is shown.
void examine_credentials(const Login& login, bool paper, Environment environment, Examination& examination);
// "calendar": how long the holiday calendars last that the rules and the program itself go by.
void examine_calendars(const Config& config, Examination& examination);
// "notify_command": can be run; nothing is said when there is none. It is not run.
void examine_notify_command(const NotifyConfig& notify, Examination& examination);

}  // namespace rm
