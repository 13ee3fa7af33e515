#include "store/record_time.h"

#include "store/codec.h"

namespace rm {
namespace {

BrokerTime time_of(const Decision& x) {
  return x.at;
}
BrokerTime time_of(const layout::RequestRecord& x) {
  return x.at;
}
BrokerTime time_of(const BrokerReply& x) {
  return x.answered_at == BrokerTime{} ? x.requested_at : x.answered_at;
}
BrokerTime time_of(const Receipt& x) {
  return x.verified_at;
}
BrokerTime time_of(const layout::LockEndedRecord& x) {
  return x.at;
}
BrokerTime time_of(const Trade& x) {
  return x.time;
}
BrokerTime time_of(const NotificationRow& x) {
  return x.at;
}
BrokerTime time_of(const layout::NoteRecord& x) {
  return x.at;
}

BrokerTime time_of(const RunBegins& x) {
  return x.at;
}
BrokerTime time_of(const RunStart& x) {
  return x.at;
}
BrokerTime time_of(const RulesChanged& x) {
  return x.at;
}

template <class T>
std::optional<BrokerTime> decoded_time(const JournalRecord& record, ContractTable& contracts) {
  const auto value = decode<T>(record.payload, contracts, {});
  if (!value || time_of(*value) == BrokerTime{}) return std::nullopt;
  return time_of(*value);
}

}  // namespace

std::optional<BrokerTime> time_of(const JournalRecord& record, ContractTable& contracts) {
  switch (record.type) {
    case RecordType::Event: {
      const auto event = decode_event(record, contracts, {});
      return event ? std::optional{event->at} : std::nullopt;
    }
    case RecordType::Decision:
      return decoded_time<Decision>(record, contracts);
    case RecordType::Request:
      return decoded_time<layout::RequestRecord>(record, contracts);
    case RecordType::Reply:
      return decoded_time<BrokerReply>(record, contracts);
    case RecordType::Receipt:
      return decoded_time<Receipt>(record, contracts);
    case RecordType::LockEnded:
      return decoded_time<layout::LockEndedRecord>(record, contracts);
    case RecordType::Trade:
      return decoded_time<Trade>(record, contracts);
    case RecordType::Notification:
      return decoded_time<NotificationRow>(record, contracts);
    case RecordType::Note:
      return decoded_time<layout::NoteRecord>(record, contracts);
    case RecordType::RunBegins:
      return decoded_time<RunBegins>(record, contracts);
    case RecordType::RunStart:
      return decoded_time<RunStart>(record, contracts);
    case RecordType::RulesChanged:
      return decoded_time<RulesChanged>(record, contracts);
    case RecordType::Quotes: {  // behind the event number, of what comes before the first
      ByteReader in{record.payload};
      (void)in.take<std::uint64_t>();
      const auto at = BrokerTime::from_nanos(in.take<std::int64_t>());
      return in.ok() ? std::optional{at} : std::nullopt;
    }
    default:
      return std::nullopt;
  }
}

}  // namespace rm
