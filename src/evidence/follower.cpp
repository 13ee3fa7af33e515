#include "evidence/follower.h"

#include <fmt/format.h>

#include <algorithm>

#include "evidence/event_words.h"
#include "store/codec.h"

namespace rm {
namespace {

constexpr std::string_view kSent = "SENT ";

bool is_request(const RecordWords& words) {
  return words.text.starts_with(kSent);
}

}  // namespace

void Follower::take(const ReplayStep& step, ContractTable& contracts) {
  const JournalRecord& record = step.record;
  switch (record.type) {
    case RecordType::Decision:
    case RecordType::Receipt:
    case RecordType::LockEnded:
      return keep(record, contracts);
    case RecordType::Request:
      return take_request(record, contracts);
    case RecordType::Reply:
      return take_reply(record, contracts);
    default:
      return;
  }
}

void Follower::take_request(const JournalRecord& record, ContractTable& contracts) {
  const auto request = decode<layout::RequestRecord>(record.payload, contracts, {});
  if (!request) return;
  if (is_read(request->request.ask) && request->enforcement != EnforcementId{})
    latest_read_[request->request.account] = request->enforcement;
  Enforced* of = find(request->enforcement);
  if (of == nullptr) return;
  asked_[request->request.id] = {of->id, ask_words(request->request.ask, contracts), of->records.size()};
  of->records.push_back(words_of(record, contracts));
}

// Only its answer tells when a request left: it is recorded with the time of the event that it was made on.
void Follower::take_reply(const JournalRecord& record, ContractTable& contracts) {
  const auto reply = decode<BrokerReply>(record.payload, contracts, {});
  const auto asked = reply ? asked_.find(reply->id) : asked_.end();
  if (asked == asked_.end()) return;
  const Asked of_it = std::move(asked->second);
  asked_.erase(asked);
  Enforced* of = find(of_it.of);
  if (of == nullptr || of_it.place >= of->records.size()) return;
  if (reply->sent_ns != 0 && reply->requested_at != BrokerTime{}) of->records[of_it.place].at = reply->requested_at;
  RecordWords words = words_of(record, contracts);
  words.text.insert(std::min(words.text.find(':'), words.text.size()), ", " + of_it.what);
  of->records.push_back(std::move(words));
}

void Follower::keep(const JournalRecord& record, ContractTable& contracts) {
  if (enforced_.empty()) return;
  RecordWords words = words_of(record, contracts);
  Enforced* of = words.enforcement ? find(*words.enforcement) : nullptr;
  if (of == nullptr) return;
  if (record.type == RecordType::Receipt) {
    of->verified_at = words.at.value_or(of->at);
    words.text += shown_by_others(*of);
  }
  of->records.push_back(std::move(words));
}

std::string Follower::shown_by_others(const Enforced& of) const {
  const auto read = latest_read_.find(of.account);
  if (read == latest_read_.end() || std::ranges::any_of(of.records, is_request)) return {};
  return fmt::format(" (as read for enforcement {}, which was under way as well)", read->second.value());
}

Enforced* Follower::find(EnforcementId id) {
  const auto found = std::ranges::find(enforced_, id, &Enforced::id);
  return found == enforced_.end() ? nullptr : &*found;
}

}  // namespace rm
