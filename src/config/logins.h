#pragma once
// Several logins of one file, each as the configuration of that login alone.

#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"

namespace rm {

struct Login {
  std::string name;  // empty: the only one, of a file without `logins`
  Config config;     // without `logins`
};

// At least one.
[[nodiscard]] std::vector<Login> logins_of(const Config& config);

// What a file without this login wants of it while it runs: it is guarded on, by the rules of the file.
[[nodiscard]] Config continued(const Config& file, const Config& login);

// "apex-2" -> "APEX_2": what the names of its environment variables end with.
[[nodiscard]] std::string variable_suffix(std::string_view login);

}  // namespace rm
