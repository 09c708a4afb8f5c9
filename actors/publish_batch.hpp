#pragma once

#include "cluster/streams.hpp"

#include <functional>
#include <span>

namespace skein::actors {

/// Blocks until the bus has the messages, or says which is the first it may not have.
using publish_batch
    = std::function<cluster::batch_result(std::span<const cluster::durable_message>)>;

} // namespace skein::actors
