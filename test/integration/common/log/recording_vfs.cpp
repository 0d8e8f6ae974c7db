#include "test/integration/common/log/recording_vfs.h"

#include <algorithm>
#include <new>

namespace snowline::test {
namespace {

using Kind = FileOp::Kind;

/// SQLite's handle of a file, with the real one behind it in the same memory.
struct RecordedFile {
    sqlite3_file base;
    RecordingVfs* vfs;
    std::string* name;
    sqlite3_file* real;
};

RecordedFile& self(sqlite3_file* file) {
    return *reinterpret_cast<RecordedFile*>(file);
}
sqlite3_file* real(sqlite3_file* file) {
    return self(file).real;
}

int on_close(sqlite3_file* file) {
    const int result = real(file)->pMethods->xClose(real(file));
    delete self(file).name;
    return result;
}
int on_read(sqlite3_file* file, void* to, int count, sqlite3_int64 offset) {
    return real(file)->pMethods->xRead(real(file), to, count, offset);
}
int on_write(sqlite3_file* file, const void* from, int count, sqlite3_int64 offset) {
    const int result = real(file)->pMethods->xWrite(real(file), from, count, offset);
    const std::string bytes(static_cast<const char*>(from), static_cast<std::size_t>(count));
    if (result == SQLITE_OK) {
        self(file).vfs->note({Kind::kWrite, *self(file).name, offset, bytes});
    }
    return result;
}
int on_truncate(sqlite3_file* file, sqlite3_int64 size) {
    const int result = real(file)->pMethods->xTruncate(real(file), size);
    if (result == SQLITE_OK) self(file).vfs->note({Kind::kTruncate, *self(file).name, size});
    return result;
}
int on_sync(sqlite3_file* file, int flags) {
    const int result = real(file)->pMethods->xSync(real(file), flags);
    if (result == SQLITE_OK) self(file).vfs->note({Kind::kSync, *self(file).name});
    return result;
}
int on_size(sqlite3_file* file, sqlite3_int64* size) {
    return real(file)->pMethods->xFileSize(real(file), size);
}
int on_lock(sqlite3_file* file, int level) {
    return real(file)->pMethods->xLock(real(file), level);
}
int on_unlock(sqlite3_file* file, int level) {
    return real(file)->pMethods->xUnlock(real(file), level);
}
int on_check_lock(sqlite3_file* file, int* result) {
    return real(file)->pMethods->xCheckReservedLock(real(file), result);
}
int on_control(sqlite3_file* file, int operation, void* argument) {
    return real(file)->pMethods->xFileControl(real(file), operation, argument);
}
int on_sector_size(sqlite3_file* file) {
    return real(file)->pMethods->xSectorSize(real(file));
}
int on_characteristics(sqlite3_file* file) {
    return real(file)->pMethods->xDeviceCharacteristics(real(file));
}
int on_shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** memory) {
    return real(file)->pMethods->xShmMap(real(file), page, size, extend, memory);
}
int on_shm_lock(sqlite3_file* file, int offset, int count, int flags) {
    return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}
void on_shm_barrier(sqlite3_file* file) {
    real(file)->pMethods->xShmBarrier(real(file));
}
int on_shm_unmap(sqlite3_file* file, int remove) {
    return real(file)->pMethods->xShmUnmap(real(file), remove);
}

constexpr sqlite3_io_methods kMethods{
    2,
    on_close,
    on_read,
    on_write,
    on_truncate,
    on_sync,
    on_size,
    on_lock,
    on_unlock,
    on_check_lock,
    on_control,
    on_sector_size,
    on_characteristics,
    on_shm_map,
    on_shm_lock,
    on_shm_barrier,
    on_shm_unmap,
    nullptr,
    nullptr,
};

RecordingVfs& recorder(sqlite3_vfs* vfs) {
    return *static_cast<RecordingVfs*>(vfs->pAppData);
}

std::string name_of(const char* path) {
    const std::string text = path != nullptr ? path : "";
    return text.substr(text.rfind('/') + 1);
}

int on_open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* given) {
    RecordedFile& own = self(file);
    own.vfs = &recorder(vfs);
    own.real = reinterpret_cast<sqlite3_file*>(&own + 1);
    own.base.pMethods = nullptr;
    const int result = own.vfs->real()->xOpen(own.vfs->real(), path, own.real, flags, given);
    if (result != SQLITE_OK) return result;
    own.name = new std::string(name_of(path));
    own.base.pMethods = &kMethods;
    return SQLITE_OK;
}

int on_delete(sqlite3_vfs* vfs, const char* path, int sync_directory) {
    const auto* behind = recorder(vfs).real();
    const int result = behind->xDelete(const_cast<sqlite3_vfs*>(behind), path, sync_directory);
    if (result == SQLITE_OK) recorder(vfs).note({Kind::kDelete, name_of(path)});
    return result;
}

void overwrite(std::string& content, std::int64_t offset, std::string_view bytes) {
    const auto at = static_cast<std::size_t>(offset);
    if (content.size() < at + bytes.size()) content.resize(at + bytes.size());
    std::copy(bytes.begin(), bytes.end(), content.begin() + offset);
}

void apply_to(std::string& content, const FileOp& op) {
    if (op.kind == Kind::kWrite) overwrite(content, op.offset, op.bytes);
    if (op.kind == Kind::kTruncate) content.resize(static_cast<std::size_t>(op.offset));
}

/// Some of its sectors.
void apply_torn(std::string& content, const FileOp& op, std::mt19937_64& random) {
    constexpr std::size_t kSector = 512;
    for (std::size_t at = 0; at < op.bytes.size();) {
        const auto absolute = static_cast<std::size_t>(op.offset) + at;
        const std::size_t size = std::min(op.bytes.size() - at, kSector - absolute % kSector);
        if (random() % 2 == 0) {
            overwrite(content, static_cast<std::int64_t>(absolute),
                      std::string_view(op.bytes).substr(at, size));
        }
        at += size;
    }
}

}  // namespace

RecordingVfs::RecordingVfs() {
    vfs_ = *real_;
    vfs_.zName = "recording";
    vfs_.pNext = nullptr;
    vfs_.pAppData = this;
    vfs_.szOsFile = static_cast<int>(sizeof(RecordedFile)) + real_->szOsFile;
    vfs_.xOpen = on_open;
    vfs_.xDelete = on_delete;
    vfs_.xAccess = [](sqlite3_vfs* vfs, const char* path, int flags, int* result) {
        return recorder(vfs).real()->xAccess(recorder(vfs).real(), path, flags, result);
    };
    vfs_.xFullPathname = [](sqlite3_vfs* vfs, const char* path, int size, char* full) {
        return recorder(vfs).real()->xFullPathname(recorder(vfs).real(), path, size, full);
    };
    sqlite3_vfs_register(&vfs_, 1);
}

void CrashingDisk::apply(const FileOp& op) {
    switch (op.kind) {
        case Kind::kMark:
            return;
        case Kind::kDelete:
            files_.erase(op.file);
            return;
        case Kind::kSync: {
            File& file = files_[op.file];
            for (const FileOp& earlier : file.since) apply_to(file.durable, earlier);
            file.since.clear();
            return;
        }
        case Kind::kWrite:
        case Kind::kTruncate:
            files_[op.file].since.push_back(op);
    }
}

std::map<std::string, std::string> CrashingDisk::crash(std::mt19937_64& random) const {
    std::map<std::string, std::string> contents;
    // Nothing, everything, or anything of what was not synced is there.
    const auto luck = random() % 4;
    for (const auto& [name, file] : files_) {
        std::string content = file.durable;
        for (const FileOp& op : file.since) {
            const bool all = luck == 1;
            if (luck == 0 || (!all && random() % 3 == 0)) continue;
            if (!all && op.kind == Kind::kWrite && random() % 3 == 0) {
                apply_torn(content, op, random);
            } else {
                apply_to(content, op);
            }
        }
        contents.emplace(name, std::move(content));
    }
    return contents;
}

}  // namespace snowline::test
