#pragma once
// The parts of reading a scenario file; each takes its keys from the section it is given and notes what is wrong.
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "paper_gateway/scenario/scenario.h"
#include "paper_gateway/scenario/section.h"

namespace paper {

// Tries controls on a gateway of its own: what the real one would refuse is a problem of the file.
class Rehearsal {
 public:
  explicit Rehearsal(const Scenario& scenario);  // its people and months
  ~Rehearsal();
  Rehearsal(const Rehearsal&) = delete;
  Rehearsal& operator=(const Rehearsal&) = delete;
  std::optional<std::string> problem_with(const ControlStep& step);

 private:
  struct Stage;
  std::unique_ptr<Stage> stage_;
};

struct Loading {
  Scenario& scenario;
  Problems& problems;
  std::string directory;  // where files named by the scenario are looked for
  Catalogue catalogue;    // with the scenario's months
  Rehearsal* rehearsal = nullptr;
};

void load_general(Section& top, Loading& loading);   // name, about, time, seed, switches
void load_people(Section& top, Loading& loading);    // users, accounts
void load_market(Section& top, Loading& loading);    // months, prices, feed
void load_controls(Section& top, Loading& loading);  // settings, faults
ControlStep read_control(std::string_view verb, const YamlNode& node, Loading& loading);
std::span<const std::string_view> control_verbs();
void load_story(Section& top, Loading& loading);  // begin, steps, loop

// Calls `each` for every map in the list under `key`; anything else there is a problem. False: the key is absent.
bool for_each_section(Section& section, std::string_view key, const std::string& what,
                      const std::function<void(Section&)>& each);

}  // namespace paper
