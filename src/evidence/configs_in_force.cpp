#include "evidence/configs_in_force.h"

#include "config/load.h"
#include "config/print.h"
#include "store/codec.h"

namespace rm {
namespace {

std::optional<LoginTurn> login_of(const JournalRecord& record) {
  ContractTable unused;
  auto turn = decode<LoginTurn>(record.payload, unused, {});
  return turn ? std::optional{std::move(*turn)} : std::nullopt;
}

}  // namespace

std::optional<SharedConfig> config_in(const JournalRecord& record) {
  ContractTable unused;
  std::vector<std::string> parts;
  if (record.type == RecordType::Config) {
    parts = decode<ConfigRow>(record.payload, unused, {}).value_or(ConfigRow{}).yaml;
  } else if (record.type == RecordType::RunStart) {
    parts = decode<RunStart>(record.payload, unused, {}).value_or(RunStart{}).yaml;
  } else if (record.type == RecordType::RulesChanged) {
    parts = decode<RulesChanged>(record.payload, unused, {}).value_or(RulesChanged{}).yaml;
  } else {
    return std::nullopt;
  }
  const auto config = load_config_text(joined(parts), "the recorded configuration", {}, rule_registry());
  if (!config)
    return SharedConfig{"# this version cannot read it, so it is withheld: " + config.error().front().text() + "\n",
                        true, false};
  return SharedConfig{to_yaml_to_share(*config), config->notify.command.size() > 1};
}

void ConfigsInForce::take(const JournalRecord& record, const std::optional<SharedConfig>& config) {
  if (record.type == RecordType::RunBegins) {
    begins_ = true;
  } else if (begins_ || record.type == RecordType::LoginTurn) {
    const auto turn = record.type == RecordType::LoginTurn ? login_of(record) : std::nullopt;
    if (begins_ && (!turn || turn->program_begins)) latest_.clear();  // else one more login of the same program
    login_ = turn ? turn->name : std::string{};
    begins_ = false;
  }
  // What is kept of several logins in one record is not what any of them goes by.
  if (config) latest_[config->readable ? login_ : "all logins"] = {record.sequence, config->yaml};
}

std::vector<std::pair<std::uint64_t, std::string>> ConfigsInForce::newly_in_force() {
  std::vector<std::pair<std::uint64_t, std::string>> fresh;
  if (begins_) return fresh;  // what it goes by comes next
  for (const auto& [login, config] : latest_) {
    if (given_.insert(config.first).second) fresh.push_back(config);
  }
  return fresh;
}

}  // namespace rm
