# Makes the calls by Ruby's Net::HTTP, with its default settings.
#
# Usage: ruby client.rb ADDRESS CALLS ROUNDS

require "net/http"

address, calls, rounds = ARGV
rows = File.readlines(calls, chomp: true).map { |line| line.split("\t", -1) }
uri = URI(address)

Net::HTTP.start(uri.hostname, uri.port) do |http|
  rounds.to_i.times do |made|
    rows.each do |name, method, path, times, headers, body|
      next if made >= times.to_i

      fields = headers.split(" | ").to_h { |header| header.split(": ", 2) }
      response = http.send_request(method, uri.path + path, body.empty? ? nil : body, fields)
      puts [name, response.code, response.body.gsub(/\s+/, " ")].join("\t")
    rescue StandardError => problem
      puts [name, 0, problem.inspect].join("\t")
    end
  end
end
