#pragma once
// The environment over the file.

#include "config/environment.h"
#include "config/section.h"
#include "config/yaml_tree.h"

namespace rm {

// Puts the value of every variable that begins with kOverridePrefix where its name says, in the order of the names,
// creating what is not there: names of keys are checked later, with those of the file. Values are taken as they are;
// "[…" and "{…" are YAML.
void apply_overrides(Node& root, Environment environment, Report& report);

}  // namespace rm
