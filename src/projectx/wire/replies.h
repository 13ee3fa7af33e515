#pragma once
// REST answers. Every one carries success, errorCode and errorMessage beside at most one payload; a refusal comes
// with HTTP 200.

#include <string>
#include <vector>

#include "projectx/wire/entities.h"
#include "projectx/wire/function_ref.h"

namespace rm::projectx {

struct Envelope {
  bool success = false;
  int error_code = 0;     // the endpoint's own numbering
  std::string_view text;  // errorMessage; empty when null
  Members members;        // all of the answer
  [[nodiscard]] bool accepted() const { return success && error_code == 0; }
};

// Holds the JSON readers for one answer at a time. Results are valid until the next open().
class ReplyReader {
 public:
  // Copies `body`. Errors: Malformed, MissingField (no `success`): not an answer of the gateway's at all.
  [[nodiscard]] Result<Envelope> open(std::string_view body);

  // Calls `each` for every row of the list member `name`. A missing or null list is MissingField: an answer that
  // feeds reconciliation must say "none" explicitly. Stops at the first error that `each` returns.
  [[nodiscard]] Result<void> for_each(const Envelope& envelope, std::string_view name,
                                      FunctionRef<Result<void>(Members)> each);
  // The members of the object member `name`.
  [[nodiscard]] Result<Members> object(const Envelope& envelope, std::string_view name);

 private:
  PaddedBuffer body_;
  JsonReader outer_, list_, row_;
};

// What a start-up reads, owned.
struct AccountRecord {
  AccountInfo info;
  std::string name;
  bool visible = true, simulated = true;
};
struct ContractRecord {
  std::string id, name, description;
  std::int64_t tick_size_nanos = 0;
  Money tick_value;
  bool active = false;
};
struct TokenAnswer {
  bool accepted = false;
  int error_code = 0;
  std::string text;   // the gateway's words, or those of its error table
  std::string token;  // not empty after a login that was accepted; may be empty after a validation: keep the old one
};
struct ContractList {
  std::vector<ContractRecord> contracts;
  std::vector<Error> refused;  // rows that could not be used; the others can
};

// Bodies of HTTP 200 answers. Errors: Malformed, MissingField; Refused with the gateway's words when it says no.
[[nodiscard]] Result<TokenAnswer> read_login(ReplyReader& reader, std::string_view body);
[[nodiscard]] Result<TokenAnswer> read_validation(ReplyReader& reader, std::string_view body);
[[nodiscard]] Result<std::vector<AccountRecord>> read_accounts(ReplyReader& reader, std::string_view body);
[[nodiscard]] Result<ContractList> read_contracts(ReplyReader& reader,
                                                  std::string_view body);  // available and search
[[nodiscard]] Result<ContractRecord> read_contract_by_id(ReplyReader& reader, std::string_view body);
// The id is only a claim to have been heard: a refused order has one too.
struct PlaceAnswer {
  bool accepted = false;
  int error_code = 0;
  std::string text;
  OrderId order;  // 0 when none
};
[[nodiscard]] Result<PlaceAnswer> read_place(ReplyReader& reader, std::string_view body);

// Expiry written in a token (JWT member "exp"). Errors: Malformed, MissingField; the message never holds any of the
// token.
[[nodiscard]] Result<BrokerTime> read_token_expiry(std::string_view token);

}  // namespace rm::projectx
