// Reads a topic from its start with kafkajs (committed records only) and prints one line a record: its partition, a space, its
// value; ends when nothing came for IDLE ms. Usage: node kafka_reader.js BROKERS TOPIC GROUP [IDLE]
const path = require('path');
const { Kafka, logLevel } = require(path.join(__dirname, '..', '..', '.deps', 'node', 'node_modules', 'kafkajs'));

const [brokers, topic, groupId, idle] = [process.argv[2], process.argv[3], process.argv[4], Number(process.argv[5] || 5000)];
const kafka = new Kafka({ clientId: 'reader', brokers: brokers.split(','), logLevel: logLevel.NOTHING });
const consumer = kafka.consumer({ groupId, readUncommitted: false });

async function main() {
  let last = Date.now();
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ partition, message }) => {
      last = Date.now();
      process.stdout.write(`${partition} ${message.value.toString()}\n`);
    },
  });
  while (Date.now() - last < idle) await new Promise((done) => setTimeout(done, 100));
  await consumer.disconnect();
}

main().then(() => process.exit(0), (error) => { console.error(error); process.exit(1); });
