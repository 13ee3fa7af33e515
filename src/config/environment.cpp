#include "config/environment.h"

#include <unistd.h>

namespace rm {

Environment process_environment() {
  std::size_t count = 0;
  while (environ != nullptr && environ[count] != nullptr) ++count;
  return {environ, count};
}

std::optional<std::string_view> find_variable(Environment environment, std::string_view name) {
  for (const std::string_view variable : environment) {
    if (variable.size() > name.size() && variable[name.size()] == '=' && variable.starts_with(name))
      return variable.substr(name.size() + 1);
  }
  return std::nullopt;
}

}  // namespace rm
