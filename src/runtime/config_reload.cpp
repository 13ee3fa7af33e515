#include "runtime/config_reload.h"

#include <memory>
#include <stdexcept>

#include "config/load.h"
#include "observe/log.h"

namespace rm {
namespace {

constexpr std::int64_t kSettleNs = 300'000'000;  // an editor's write, rename and change of mode are one change

}  // namespace

ConfigReload::ConfigReload(net::Loop& loop, std::string file, Environment environment,
                           std::function<void(Loaded)> loaded)
    : loop_{loop},
      file_{std::move(file)},
      environment_{environment},
      loaded_{std::move(loaded)},
      settle_{loop, [this] { now(); }} {
  try {
    watch_.emplace(loop, file_, [this] { settle_.arm_at(loop_.monotonic_ns() + kSettleNs); });
  } catch (const std::exception& problem) {
    log(Level::Warning, "config_not_watched",
        std::string{problem.what()} + ". A change of the configuration is taken up on SIGHUP only",
        {{"file", file_}});
  }
}

ConfigReload::~ConfigReload() = default;

void ConfigReload::now() {
  settle_.cancel();
  if (reading_) {
    again_ = true;  // what is being read may be the old text
    return;
  }
  reading_ = true;
  reader_ = std::jthread{[this] {
    loop_.post([this, result = std::make_shared<Loaded>(read())] {
      reading_ = false;
      loaded_(std::move(*result));
      if (std::exchange(again_, false)) now();
    });
  }};
}

ConfigReload::Loaded ConfigReload::read() const {
  try {
    return load_config(file_, environment_, rule_registry());
  } catch (const std::exception& problem) {
    return std::unexpected{
        Problems{Problem{.source = file_, .line = 0, .column = 0, .key = {}, .message = problem.what()}}};
  }
}

}  // namespace rm
