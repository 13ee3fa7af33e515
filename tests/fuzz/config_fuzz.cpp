// Any bytes as a configuration: refused with problems that a terminal can show, or read, printed and read back as the
// same. After a byte 0x01 each further part is the rest of a variable that overrides keys.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "config/load.h"
#include "config/print.h"

namespace {

constexpr char kSeparator = '\x01';

std::vector<std::string> split(const std::string& bytes) {
  std::vector<std::string> parts(1);
  for (const char c : bytes) {
    if (c == kSeparator) {
      parts.emplace_back(rm::kOverridePrefix);
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

void expect(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto parts = split({reinterpret_cast<const char*>(data), size});
  std::vector<const char*> environment;
  for (std::size_t i = 1; i < parts.size(); ++i) environment.push_back(parts[i].c_str());

  const auto config = rm::load_config_text(parts.front(), "/etc/risk.yaml", environment, rm::rule_registry());
  if (config) {
    const auto again = rm::load_config_text(rm::to_yaml(*config), "/elsewhere/risk.yaml", {}, rm::rule_registry());
    expect(again.has_value() && *again == *config);
  } else {
    expect(!config.error().empty());
    for (const rm::Problem& problem : config.error()) {
      const std::string text = problem.text();
      expect(!text.empty() && text == rm::printable(text, text.size()));
    }
  }
  return 0;
}
