#include "runtime/contract_records.h"

#include <fmt/format.h>

namespace rm {

Result<void> ContractRecords::learn(std::string_view login, const projectx::ContractRecord& record) {
  const auto known = contracts_.find(record.id);
  const auto told = known ? told_by_.find(*known) : told_by_.end();
  if (told != told_by_.end() && told->second != login) {
    const Contract& first = contracts_.at(*known);
    if (first.tick_size_nanos == record.tick_size_nanos && first.tick_value == record.tick_value) return {};
    return fail(
        ErrorCode::Refused,
        fmt::format("a tick of {} is {} worth {} at login '{}' and {} worth {} at login '{}': the first is used "
                    "for both, results of '{}' in it may be WRONG",
                    record.name, Price::from_nanos(first.tick_size_nanos).text(), first.tick_value.text(),
                    told->second, Price::from_nanos(record.tick_size_nanos).text(), record.tick_value.text(), login,
                    login));
  }
  const ContractId id =
      contracts_.learn(record.id, record.name, record.tick_size_nanos, record.tick_value, record.active);
  told_by_.try_emplace(id, login);
  return {};
}

}  // namespace rm
