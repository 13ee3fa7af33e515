#include "replay/decoded.h"

#include <fmt/format.h>

#include "rules/registry.h"

namespace rm {
namespace {

bool whole(const RiskEvent& event) {
  const auto* taken = std::get_if<SnapshotTaken>(&event.body);
  return !taken || taken->snapshot;
}

}  // namespace

std::string_view rule_name(std::string_view name) {
  const RuleSpec* spec = find_rule(name);
  return spec ? spec->name : std::string_view{};
}

std::unexpected<Error> unreadable(const JournalRecord& record) {
  return fail(ErrorCode::Malformed, fmt::format("record {} of the journal ({}) cannot be read by this version ({})",
                                                record.sequence, name_of(record.type), RM_VERSION));
}

std::unexpected<Error> written_by_a_newer_version(const JournalRecord& record) {
  return fail(ErrorCode::Refused, fmt::format("record {} of the journal was written by a newer version than this "
                                              "one ({})",
                                              record.sequence, RM_VERSION));
}

Result<RiskEvent> decoded_event(const JournalRecord& record, ContractTable& contracts) {
  if (record.version < version_of(RecordType::Event)) return unreadable(record);
  auto event = decode_event(record, contracts, rule_name);
  if (!event || !whole(*event)) return unreadable(record);
  return event;
}

}  // namespace rm
