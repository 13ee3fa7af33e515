#include "projectx/wire/replies.h"

#include <limits>

#include "projectx/wire/fields.h"

namespace rm::projectx {
namespace {

std::unexpected<Error> refused(const Envelope& envelope) {
  std::string text{"the gateway says no, code "};
  text.append(std::to_string(envelope.error_code));
  if (!envelope.text.empty()) text.append(": ").append(envelope.text);
  return fail(ErrorCode::Refused, std::move(text));
}

ContractRecord owned(const ContractRow& row) {
  return {std::string{row.id}, std::string{row.name}, std::string{row.description},
          row.tick_size_nanos, row.tick_value,        row.active};
}

Result<TokenAnswer> read_token(ReplyReader& reader, std::string_view body, std::string_view member, bool required) {
  const auto envelope = reader.open(body);
  if (!envelope) return std::unexpected{envelope.error()};
  TokenAnswer answer{.accepted = envelope->accepted(),
                     .error_code = envelope->error_code,
                     .text = std::string{envelope->text},
                     .token = {}};
  Fields take{envelope->members, "answer"};
  if (answer.accepted) answer.token = take.optional_text(member);
  if (!take.ok()) return take.error();
  if (required && answer.accepted && answer.token.empty())
    return fail(ErrorCode::MissingField, "the login was accepted without a token");
  return answer;
}

}  // namespace

Result<Envelope> ReplyReader::open(std::string_view body) {
  const auto members = outer_.members(body_.assign(body));
  if (!members) return std::unexpected{members.error()};
  Fields take{*members, "answer"};
  Envelope envelope;
  envelope.members = *members;
  envelope.success = take.boolean("success");
  envelope.error_code = static_cast<int>(take.optional_integer("errorCode", 0, std::numeric_limits<int>::max(), 0));
  envelope.text = take.optional_text("errorMessage");
  if (!take.ok()) return take.error();
  return envelope;
}

Result<void> ReplyReader::for_each(const Envelope& envelope, std::string_view name,
                                   FunctionRef<Result<void>(Members)> each) {
  const JsonValue* list = Fields{envelope.members, "answer"}.find(name);
  if (list == nullptr || list->kind != JsonKind::Array)
    return fail(ErrorCode::MissingField, std::string{"the answer has no list '"}.append(name).append("'"));
  const auto rows = list_.elements(list->nested());
  if (!rows) return std::unexpected{rows.error()};
  for (const JsonValue& value : *rows) {
    if (value.kind != JsonKind::Object)
      return fail(ErrorCode::Malformed, std::string{"a row of '"}.append(name).append("' is no object"));
    const auto members = row_.members(value.nested());
    if (!members) return std::unexpected{members.error()};
    if (auto taken = each(*members); !taken) return taken;
  }
  return {};
}

Result<Members> ReplyReader::object(const Envelope& envelope, std::string_view name) {
  const JsonValue* value = Fields{envelope.members, "answer"}.find(name);
  if (value == nullptr || value->kind != JsonKind::Object)
    return fail(ErrorCode::MissingField, std::string{"the answer has no '"}.append(name).append("'"));
  return row_.members(value->nested());
}

Result<TokenAnswer> read_login(ReplyReader& reader, std::string_view body) {
  return read_token(reader, body, "token", true);
}
Result<TokenAnswer> read_validation(ReplyReader& reader, std::string_view body) {
  return read_token(reader, body, "newToken", false);
}

Result<std::vector<AccountRecord>> read_accounts(ReplyReader& reader, std::string_view body) {
  const auto envelope = reader.open(body);
  if (!envelope) return std::unexpected{envelope.error()};
  if (!envelope->accepted()) return refused(*envelope);
  std::vector<AccountRecord> accounts;
  const auto read = reader.for_each(*envelope, "accounts", [&](Members members) -> Result<void> {
    const auto row = read_account(members);
    if (!row) return std::unexpected{row.error()};
    accounts.push_back({row->info, std::string{row->name}, row->visible, row->simulated});
    return {};
  });
  if (!read) return std::unexpected{read.error()};
  return accounts;
}

Result<ContractList> read_contracts(ReplyReader& reader, std::string_view body) {
  const auto envelope = reader.open(body);
  if (!envelope) return std::unexpected{envelope.error()};
  if (!envelope->accepted()) return refused(*envelope);
  ContractList list;
  const auto read = reader.for_each(*envelope, "contracts", [&](Members members) -> Result<void> {
    if (const auto row = read_contract(members)) {
      list.contracts.push_back(owned(*row));
    } else {
      list.refused.push_back(row.error());
    }
    return {};
  });
  if (!read) return std::unexpected{read.error()};
  return list;
}

Result<ContractRecord> read_contract_by_id(ReplyReader& reader, std::string_view body) {
  const auto envelope = reader.open(body);
  if (!envelope) return std::unexpected{envelope.error()};
  if (!envelope->accepted()) return refused(*envelope);
  const auto members = reader.object(*envelope, "contract");
  if (!members) return std::unexpected{members.error()};
  const auto row = read_contract(*members);
  if (!row) return std::unexpected{row.error()};
  return owned(*row);
}

Result<PlaceAnswer> read_place(ReplyReader& reader, std::string_view body) {
  const auto envelope = reader.open(body);
  if (!envelope) return std::unexpected{envelope.error()};
  Fields take{envelope->members, "answer"};
  const PlaceAnswer answer{.accepted = envelope->accepted(),
                           .error_code = envelope->error_code,
                           .text = std::string{envelope->text},
                           .order = OrderId{take.optional_id("orderId")}};
  if (!take.ok()) return take.error();
  return answer;
}

}  // namespace rm::projectx
