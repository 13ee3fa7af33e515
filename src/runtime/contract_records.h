#pragma once
// The contracts of all logins in one table. Their ids are the same at every firm; what a tick is worth is each
// gateway's own word, and two words for one contract are an error that a person has to hear of. Loop thread.

#include <string>
#include <string_view>
#include <unordered_map>

#include "domain/contract_table.h"
#include "domain/result.h"
#include "projectx/wire/replies.h"

namespace rm {

class ContractRecords {
 public:
  explicit ContractRecords(ContractTable& contracts) : contracts_{contracts} {}

  // The record as this login's gateway tells it. Error Refused: another login's gateway tells another tick; what was
  // known first stays, and the sentence says what each of them says.
  [[nodiscard]] Result<void> learn(std::string_view login, const projectx::ContractRecord& record);

 private:
  ContractTable& contracts_;
  std::unordered_map<ContractId, std::string> told_by_;
};

}  // namespace rm
