#include "runtime/record/store_watch.h"

#include "observe/log.h"

namespace rm {

void StoreWatch::look(BrokerTime now) {
  store_.record_gathered_quotes();
  const StoreHealth health = store_.health();
  metrics_.set_store_records_lost(health.records_lost);
  metrics_.set_store_lag(health.appended - health.committed);
  if (health.good() == !said_unhealthy_) return;
  said_unhealthy_ = !health.good();
  const std::string text = sentence(health);
  log(health.good() ? Level::Warning : Level::Error, "store_health", text);
  teller_.tell(now, text);
  teller_.note(NoticeKind::Health, now, {}, {}, {}, text);
}

}  // namespace rm
