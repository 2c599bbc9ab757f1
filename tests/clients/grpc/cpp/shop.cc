// gRPC's own library in C++ (Debian's package), with stubs of the served file. Prints a line for each check.
#include <atomic>
#include <chrono>
#include <functional>
#include <iostream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <grpcpp/grpcpp.h>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "parlance/shop/v1/shop.grpc.pb.h"

using namespace parlance::shop::v1;
using grpc::ClientContext;
using grpc::Status;
using grpc::StatusCode;

namespace {

bool has_failed = false;

void check(const std::string& what, const std::function<void()>& test) {
  try {
    test();
    std::cout << "ok    C++: " << what << std::endl;
  } catch (const std::exception& problem) {
    has_failed = true;
    std::cout << "FAIL  C++: " << what << "\n" << problem.what() << std::endl;
  }
}

template <typename A, typename B>
void equal(const A& found, const B& expected) {
  if (found == expected) return;
  std::ostringstream message;
  message << found << " is not " << expected;
  throw std::runtime_error(message.str());
}

void succeeded(const Status& status) {
  if (!status.ok()) throw std::runtime_error(std::to_string(status.error_code()) + ": " + status.error_message());
}

// A context with a sandbox and a deadline.
std::unique_ptr<ClientContext> context(int ms = 10'000) {
  auto made = std::make_unique<ClientContext>();
  made->AddMetadata("x-sandbox", "grpc-cpp");
  made->set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(ms));
  return made;
}

PlaceOrderRequest order(int product, int quantity) {
  PlaceOrderRequest request;
  request.set_user_id(1);
  auto* line = request.add_lines();
  line->set_product_id(product);
  line->set_quantity(quantity);
  return request;
}

template <typename Detail>
Detail detail(const Status& status) {
  google::rpc::Status whole;
  if (!whole.ParseFromString(status.error_details())) throw std::runtime_error("the details can't be read");
  Detail found;
  for (const auto& packed : whole.details()) {
    if (packed.UnpackTo(&found)) return found;
  }
  throw std::runtime_error("there is no " + Detail::descriptor()->full_name());
}

}  // namespace

int main(int, char** arguments) {
  auto channel = grpc::CreateChannel(arguments[1], grpc::InsecureChannelCredentials());
  auto shop = ShopService::NewStub(channel);

  auto place = [&] {
    PlaceOrderResponse placed;
    succeeded(shop->PlaceOrder(context().get(), order(4, 1), &placed));
    return placed.order().id();
  };

  check("gets a user, with an enum and a time", [&] {
    GetUserRequest request;
    request.set_id(1);
    GetUserResponse answer;
    succeeded(shop->GetUser(context().get(), request, &answer));
    equal(answer.user().name(), "Ada Lovelace");
    equal(answer.user().role(), ROLE_CUSTOMER);
    equal(answer.user().created_at().seconds(), 1740816000);
  });

  check("places an order; with the same key once, and the metadata says so", [&] {
    int ids[2];
    for (int time = 0; time < 2; ++time) {
      auto with_key = context();
      with_key->AddMetadata("idempotency-key", "cpp");
      PlaceOrderResponse placed;
      succeeded(shop->PlaceOrder(with_key.get(), order(2, 1), &placed));
      ids[time] = placed.order().id();
      equal(with_key->GetServerInitialMetadata().count("idempotency-replayed"), static_cast<size_t>(time));
    }
    equal(ids[0], ids[1]);
  });

  check("is refused with typed details", [&] {
    PlaceOrderResponse placed;
    Status invalid = shop->PlaceOrder(context().get(), order(1, 0), &placed);
    equal(invalid.error_code(), StatusCode::INVALID_ARGUMENT);
    equal(detail<google::rpc::BadRequest>(invalid).field_violations(0).field(), "lines[0].quantity");
    Status sold_out = shop->PlaceOrder(context().get(), order(10, 1), &placed);
    equal(sold_out.error_code(), StatusCode::FAILED_PRECONDITION);
    equal(detail<google::rpc::ErrorInfo>(sold_out).reason(), "OUT_OF_STOCK");
    auto faulty = context();
    faulty->AddMetadata("x-fault", "rate_limited");
    Status limited = shop->PlaceOrder(faulty.get(), order(1, 1), &placed);
    equal(limited.error_code(), StatusCode::RESOURCE_EXHAUSTED);
    equal(detail<google::rpc::RetryInfo>(limited).retry_delay().seconds(), 1);
  });

  check("follows events, cancels, and resumes without a gap", [&] {
    std::vector<int> placed, followed;
    WatchEventsRequest request;
    WatchEventsResponse answer;
    auto watching = context();
    auto reader = shop->WatchEvents(watching.get(), request);
    reader->WaitForInitialMetadata();
    for (int number = 0; number < 2; ++number) placed.push_back(place());
    for (int number = 0; number < 2 && reader->Read(&answer); ++number) followed.push_back(answer.event().order_id());
    int last = answer.event().seq();
    watching->TryCancel();
    while (reader->Read(&answer)) {
    }
    equal(reader->Finish().error_code(), StatusCode::CANCELLED);
    placed.push_back(place());
    request.set_after(last);
    auto resuming = context();
    auto resumed = shop->WatchEvents(resuming.get(), request);
    if (resumed->Read(&answer)) followed.push_back(answer.event().order_id());
    resuming->TryCancel();
    equal(followed == placed, true);
  });

  check("a deadline ends a stream", [&] {
    WatchEventsRequest request;
    WatchEventsResponse answer;
    auto soon = context(300);
    auto reader = shop->WatchEvents(soon.get(), request);
    while (reader->Read(&answer)) {
    }
    equal(reader->Finish().error_code(), StatusCode::DEADLINE_EXCEEDED);
  });

  check("gzip both ways", [&] {
    UpdateProductRequest request;
    request.set_id(6);
    for (int count = 0; count < 150; ++count) request.mutable_description()->append("many words ");
    UpdateProductResponse answer;
    auto packing = context();
    packing->set_compression_algorithm(GRPC_COMPRESS_GZIP);
    succeeded(shop->UpdateProduct(packing.get(), request, &answer));
    equal(answer.product().description(), request.description());
  });

  check("8 threads with 50 calls each, on one channel", [&] {
    std::vector<std::thread> threads;
    std::atomic<int> answered = 0;
    for (int thread = 0; thread < 8; ++thread) {
      threads.emplace_back([&] {
        for (int call = 0; call < 50; ++call) {
          GetUserRequest request;
          request.set_id(1);
          GetUserResponse answer;
          if (shop->GetUser(context().get(), request, &answer).ok()) ++answered;
        }
      });
    }
    for (auto& thread : threads) thread.join();
    equal(answered.load(), 400);
  });

  return has_failed;
}
