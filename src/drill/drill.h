#pragma once
// R39: breaks every enabled rule of the user's own configuration for real, at paper gateways, and shows for each link
// of each rule what proves it.

#include <chrono>
#include <iosfwd>
#include <string>

#include "config/environment.h"

namespace rm::drill {

struct DrillOptions {
  std::string config_file;  // empty: two rules of our own
  bool json = false;        // the report as JSON
  std::string html_file;    // and as a page; empty: none
  std::chrono::milliseconds patience{
      10'000};  // for the links of one rule; an enforcement takes a quarter of a second
  Environment environment;
};

// The report on `out`, progress on `err`. Exit code: 0 every link of every rule is proven, 1 not all of them are, or
// it could not be done (one sentence), 2 the configuration is not valid.
[[nodiscard]] int run_drill(const DrillOptions& options, std::ostream& out, std::ostream& err);

}  // namespace rm::drill
