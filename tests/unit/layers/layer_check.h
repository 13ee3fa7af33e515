#pragma once
// Dependencies point one way, and what decides is pure. Reads every source under src/ and paper_gateway/.

#include <filesystem>
#include <string>
#include <vector>

namespace rm::test {

// One sentence a problem, "src/book/x.h:12: includes rules/rule.h: book comes before rules". Empty: all is well.
std::vector<std::string> check_layers(const std::filesystem::path& root);

}  // namespace rm::test
