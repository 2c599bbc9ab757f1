# XML-RPC, by the gem `xmlrpc`: a struct is a Hash, a fault is an exception, and a proxy makes methods of methods.

require "xmlrpc/client"
require_relative "check"

client = XMLRPC::Client.new_from_uri("#{ARGV[0]}/xmlrpc")
shop = client.proxy

check "ruby/xmlrpc: gets user 1, by position and by name" do
  user = shop.get_user(1)
  equal [1, "Ada Lovelace", "ada@example.com"], user.values_at("id", "name", "email")
  equal true, user["created_at"].to_time.utc?
  equal user, shop.get_user({ id: 1 })
end

check "ruby/xmlrpc: creates a user whose name is not ASCII" do
  name = "Žofia <&> 東京"
  equal name, shop.create_user({ name: name, email: "ruby@example.com" })["name"]
end

check 'ruby/xmlrpc: finds a "laptop"' do
  first = shop.search_products({ query: "laptop" })["items"].first
  equal true, first["name"].downcase.include?("laptop")
end

check "ruby/xmlrpc: orders two lines, and the stock falls" do
  before = shop.get_product(1)["stock"]
  lines = [{ product_id: 1, quantity: 2 }, { product_id: 2, quantity: 3 }]
  order = shop.place_order(1, lines)
  equal [2, 3], order["lines"].map { |line| line["quantity"] }
  equal before - 2, shop.get_product(1)["stock"]
end

check "ruby/xmlrpc: hears a fault" do
  shop.get_user(999_999)
  raise "it was not refused"
rescue XMLRPC::FaultException => fault
  equal [-32_004, "user_not_found: there is no user 999999; list_users lists those that exist"], [fault.faultCode, fault.faultString]
end

check "ruby/xmlrpc: asks for the methods" do
  names = client.call("system.listMethods")
  equal [], ["place_order", "system.multicall"] - names
  equal "struct", client.call("system.methodSignature", "get_user").first.first
end

check "ruby/xmlrpc: makes several calls at once, and one of them fails" do
  ada, fault, third = client.multicall(["get_user", 1], ["get_user", 999_999], ["get_user", 3])
  equal [1, -32_004, 3], [ada["id"], fault.faultCode, third["id"]]
end
