#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace rm::net {

// The armed timers, earliest first; equal times in the order they were armed. Entries belong to their timers and know
// their place. Room is made when a timer is created, so that arming never allocates.
class TimerHeap {
 public:
  struct Entry {
    std::int64_t deadline_ns = 0;
    std::uint64_t order = 0;
    std::size_t place = 0;  // 1-based; 0: not armed
  };

  void make_room() { heap_.reserve(++timers_); }
  void give_room_back() { --timers_; }

  void arm(Entry& entry, std::int64_t deadline_ns) {
    remove(entry);
    entry.deadline_ns = deadline_ns;
    entry.order = ++armed_;
    heap_.push_back(&entry);
    entry.place = heap_.size();
    rise(heap_.size() - 1);
  }

  void remove(Entry& entry) {
    if (entry.place == 0) return;
    const std::size_t hole = entry.place - 1;
    entry.place = 0;
    Entry* last = heap_.back();
    heap_.pop_back();
    if (last == &entry) return;
    put(hole, last);
    rise(hole);
    sink(last->place - 1);
  }

  [[nodiscard]] Entry* earliest() const { return heap_.empty() ? nullptr : heap_.front(); }
  [[nodiscard]] std::uint64_t last_armed() const { return armed_; }

 private:
  static bool before(const Entry* a, const Entry* b) {
    return a->deadline_ns != b->deadline_ns ? a->deadline_ns < b->deadline_ns : a->order < b->order;
  }
  void put(std::size_t at, Entry* entry) {
    heap_[at] = entry;
    entry->place = at + 1;
  }
  void swap(std::size_t a, std::size_t b) {
    Entry* entry = heap_[a];
    put(a, heap_[b]);
    put(b, entry);
  }
  void rise(std::size_t at) {
    for (; at > 0 && before(heap_[at], heap_[(at - 1) / 2]); at = (at - 1) / 2) swap(at, (at - 1) / 2);
  }
  void sink(std::size_t at) {
    for (;;) {
      std::size_t least = at;
      for (std::size_t child = 2 * at + 1; child <= 2 * at + 2 && child < heap_.size(); ++child)
        if (before(heap_[child], heap_[least])) least = child;
      if (least == at) return;
      swap(at, least);
      at = least;
    }
  }

  std::vector<Entry*> heap_;
  std::size_t timers_ = 0;
  std::uint64_t armed_ = 0;
};

}  // namespace rm::net
